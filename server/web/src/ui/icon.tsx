// The few signs of the screens: drawn, never alone; words stand beside them.
const PATHS = {
  overdue: "M8 1.6 15.2 14.4H.8ZM7.2 6v4h1.6V6Zm0 5.2v1.6h1.6v-1.6Z",
  held: "M4 2h3v12H4Zm5 0h3v12H9Z",
  blocked: "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1Zm-4 6h8v2H4Z",
  close: "m3.4 2 4.6 4.6L12.6 2 14 3.4 9.4 8l4.6 4.6-1.4 1.4L8 9.4 3.4 14 2 12.6 6.6 8 2 3.4Z",
  tick: "m2 8.6 1.4-1.4 3 3 6.2-6.2L14 5.4l-7.6 7.6Z",
  hand: "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1Zm-.8 3h1.6v4.2l2.9 1.7-.8 1.4-3.7-2.2Z",
  back: "M9.8 2.6 11.2 4l-4 4 4 4-1.4 1.4L4.4 8Z",
  search: "M6.8 1.5a5.3 5.3 0 1 0 3.2 9.5l3.3 3.4 1.2-1.2-3.4-3.3A5.3 5.3 0 0 0 6.8 1.5Zm0 1.7a3.6 3.6 0 1 1 0 7.2 3.6 3.6 0 0 1 0-7.2Z",
  person: "M8 1.5a3.2 3.2 0 1 1 0 6.4 3.2 3.2 0 0 1 0-6.4ZM2 14.5c0-3.2 2.6-5.2 6-5.2s6 2 6 5.2Z",
  clock: "M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Zm0 1.7a5.3 5.3 0 1 0 0 10.6A5.3 5.3 0 0 0 8 2.7Zm-.8 1.8h1.6v3.2l2.4 1.4-.8 1.3-3.2-1.9Z",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path fill-rule="evenodd" d={PATHS[name]} />
    </svg>
  );
}

/** Three furrows drawn by one track: the sign of kvali. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path d="M5 27C9 15 15 9 27 5M5 27c7-8 13-11.5 22-13M5 27c8-3.5 14-5 22-5" fill="none" stroke="currentColor" stroke-width="3" stroke-linecap="round" />
    </svg>
  );
}
