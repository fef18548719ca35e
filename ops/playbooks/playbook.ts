/** How the commands of a page of docs/playbooks are executed: as they stand, on a stack that is made for it. */
export interface Playbook {
  /** The name of the page, without `.md`. */
  readonly page: string;
  /** What is made of the stack first, for readers of the report. */
  readonly situation: string;
  /** Makes it so, before clients come. Bash, in the clone, with the stack's project in the environment. */
  readonly arrange?: string;
  /** Breaks it, while clients read and write. */
  readonly fault?: string;
  /** Assignments of bash that the page expects its reader to have made. */
  readonly environment?: string;
  /** What the page promises to clients, who read and write all the time. */
  readonly clients: ClientsAre;
  /** Fails unless the page has done what it promises. */
  readonly proof?: string;
  /** Puts back what is not to stay for the next page. */
  readonly tidy?: string;
}

/** `answered`: no request fails. `refused`: some fail, and none that was acknowledged is lost. `restored`: some may be lost. */
export type ClientsAre = 'answered' | 'refused' | 'restored';

/** What came of the last execution of a page. Times are in seconds. */
export interface Execution {
  readonly on: string;
  /** From the first command until the page knew that it had worked. */
  readonly took: number;
  readonly sent: number;
  readonly failed: number;
  /** The longest time in which no request was answered well. */
  readonly silent: number;
}

export type Executions = Readonly<Partial<Record<string, Execution>>>;
