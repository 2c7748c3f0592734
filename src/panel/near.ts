/** Things this near to what is visible are rendered, so that scrolling shows no gaps. */
const MARGIN = 600;

const listeners = new WeakMap<Element, (near: boolean) => void>();
let observer: IntersectionObserver | undefined;

/** Tells when an element comes near to what is visible, and when it is far again. */
export function watchNear(element: Element, listener: (near: boolean) => void): () => void {
  observer ??= new IntersectionObserver(
    (entries) => {
      for (const entry of entries) listeners.get(entry.target)?.(entry.isIntersecting);
    },
    // Margins hold in a webview's frame only when the root is named.
    { root: document, rootMargin: `${MARGIN}px 0px` },
  );
  const watching = observer;
  listeners.set(element, listener);
  watching.observe(element);
  return () => {
    listeners.delete(element);
    watching.unobserve(element);
  };
}
