interface Focus {
  readonly name: string;
  readonly role: string;
  readonly selected: boolean;
  readonly isVisible: boolean;
}

/** What has the focus. */
export function focus(): Focus {
  const element = document.activeElement;
  if (element === null || element === document.body)
    return { name: '', role: 'none', selected: false, isVisible: false };
  return {
    name: element.getAttribute('aria-label') ?? element.textContent?.trim() ?? '',
    role: element.getAttribute('role') ?? element.tagName.toLowerCase(),
    selected: ['aria-selected', 'aria-pressed'].some((name) => element.getAttribute(name) === 'true'),
    isVisible: isFocusVisible(element),
  };
}

/** Whether the element looks otherwise than without the focus: outline, shadow, or the line around a slice. */
function isFocusVisible(element: Element): boolean {
  const looks = () =>
    [element, ...element.querySelectorAll('path')]
      .map((part) => {
        const { outlineStyle, outlineWidth, boxShadow, stroke, strokeWidth } = getComputedStyle(part);
        return [outlineStyle, outlineWidth, boxShadow, stroke, strokeWidth].join();
      })
      .join(';');
  const focused = looks();
  (element as HTMLElement).blur();
  const blurred = looks();
  (element as HTMLElement).focus();
  return focused !== blurred;
}
