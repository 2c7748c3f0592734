import { isWebview, webviewHost } from './host.ts';
import { serverHost } from './page-host.ts';
import { PanelView } from './panel-view.ts';
import { PanelStore } from './store.ts';

const host = isWebview() ? webviewHost() : serverHost();
const store = new PanelStore(host);
const panel = document.querySelector('sluice-panel');

/** Brings the panel back to where it was scrolled to, once what it shows has been rendered. */
function restoreScroll(): void {
  const stop = store.subscribe(() => {
    if (!store.ready) return;
    stop();
    requestAnimationFrame(() =>
      document.querySelector('[data-scroller]')?.scrollTo(0, store.scroll),
    );
  });
}

if (panel instanceof PanelView) {
  panel.store = store;
  restoreScroll();
  document.addEventListener(
    'scrollend',
    ({ target }) => {
      if (target instanceof Element && target.matches('[data-scroller]')) {
        store.scrolled(target.scrollTop);
      }
    },
    true,
  );
  host.post({ type: 'ready' });
}
