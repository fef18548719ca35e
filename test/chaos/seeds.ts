/** What CI draws its faults from: one seed with each change, by the day, and all of them every night. Together they draw every kind. */
export const seeds = [14, 13, 35];
export const minutes = 2;

export const seedOf = (today: Date): number => seeds[Math.floor(today.getTime() / 86_400_000) % seeds.length]!;
