/** What every run of the container tests draws its faults from, two minutes each: faults of every kind. */
export const seeds = [14, 13, 35];
export const minutes = 2;
