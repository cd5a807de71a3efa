// What pages do while they are open. Without it they show the same, and more on a reload.

/** Parts that are fetched anew from time to time: `data-refresh` names the page, `data-every` the seconds. */
for (const part of document.querySelectorAll('[data-refresh]')) {
  const refresh = async () => {
    const isUsed = part.contains(document.activeElement) || part.querySelector('details[open]');
    if (!document.hidden && !isUsed) {
      const html = await fetchPage(part.dataset.refresh);
      const fresh = html && new DOMParser().parseFromString(html, 'text/html').getElementById(part.id);
      if (fresh) {
        part.replaceChildren(...fresh.childNodes);
        // What is finished says so by asking for nothing more.
        if (!fresh.dataset.refresh) return;
      }
    }
    setTimeout(refresh, part.dataset.every * 1000);
  };
  setTimeout(refresh, part.dataset.every * 1000);
}

/** A list that grows as events come: its rows are fetched when the stream says that there are more. */
const live = document.querySelector('[data-stream]');
if (live) followEvents(live);

function followEvents(switchBox) {
  const list = document.getElementById(switchBox.dataset.rows);
  const status = document.getElementById('live-status');
  const box = switchBox.querySelector('input');
  let source;
  let fetching = false;
  let again = false;

  const newest = () => list.querySelector('[data-id]')?.dataset.id ?? switchBox.dataset.after;
  const load = async () => {
    if (fetching) return void (again = true);
    fetching = true;
    do {
      again = false;
      const url = new URL(switchBox.dataset.fetch, location.href);
      if (newest()) url.searchParams.set('after', newest());
      const html = await fetchPage(url);
      if (html) insert(html);
    } while (again);
    fetching = false;
  };
  const insert = (html) => {
    const rows = new DOMParser().parseFromString(`<table><tbody>${html}</tbody></table>`, 'text/html');
    const fresh = [...rows.querySelectorAll('tr')].filter(
      ({ dataset }) => !list.querySelector(`[data-id="${dataset.id}"]`),
    );
    if (fresh.length === 0) return;
    for (const row of fresh) row.classList.add('new');
    list.prepend(...fresh);
    document.getElementById('no-events')?.remove();
    list.closest('table').hidden = false;
    while (list.children.length > 200) list.lastElementChild.remove();
  };
  const open = () => {
    const url = new URL(switchBox.dataset.stream, location.href);
    if (newest()) url.searchParams.set('after', newest());
    source = new EventSource(url);
    source.onopen = () => (status.textContent = 'Events appear as they come.');
    source.onmessage = load;
    source.onerror = () => {
      status.textContent = 'The connection is lost, and is being made again.';
      // A browser gives up when it is refused: the session may have ended.
      if (source.readyState === EventSource.CLOSED)
        status.textContent = 'The connection was refused. Reload the page.';
    };
  };
  const close = () => {
    source?.close();
    status.textContent = 'Paused.';
  };
  switchBox.hidden = false;
  box.addEventListener('change', () => (box.checked ? open() : close()));
  if (box.checked) open();
}

/** Undefined when it did not work: what is shown stays. */
async function fetchPage(url) {
  try {
    const response = await fetch(url, { redirect: 'error', headers: { accept: 'text/html' } });
    return response.ok ? await response.text() : undefined;
  } catch {
    return undefined;
  }
}

for (const button of document.querySelectorAll('[data-copy]')) {
  button.hidden = false;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = 'Copied';
    setTimeout(() => (button.textContent = 'Copy'), 2000);
  });
}
