/** Things this near to what is visible, in px, are rendered, so that scrolling shows no gaps. */
const MARGIN = 600;

type Listener = (near: boolean, height: number) => void;

const listeners = new WeakMap<Element, Listener>();
let observer: IntersectionObserver | undefined;

/**
 * Tells when an element comes near to what is visible, and when it is far again, with its height in px. What
 * scrolls is the one `[data-scroller]` of the page.
 */
export function watchNear(element: Element, listener: Listener): () => void {
  observer ??= new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting, boundingClientRect } of entries) {
        listeners.get(target)?.(isIntersecting, boundingClientRect.height);
      }
    },
    // Margins hold only for the root that is named.
    { root: element.closest('[data-scroller]'), rootMargin: `${MARGIN}px 0px` },
  );
  const watching = observer;
  listeners.set(element, listener);
  watching.observe(element);
  return () => {
    listeners.delete(element);
    watching.unobserve(element);
  };
}
