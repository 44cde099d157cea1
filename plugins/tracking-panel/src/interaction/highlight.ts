/** The status that pointer or focus is on, shared by slice, legend and table row. */
export interface Highlight {
  active: string | undefined;
  set: (status: string | undefined) => void;
}

/** Handlers for an element that stands for a status and lights up all its likenesses. */
export function highlightOnHover(highlight: Highlight, status: string) {
  return {
    onMouseEnter: () => highlight.set(status),
    onMouseLeave: () => highlight.set(undefined),
  };
}
