// Puts the service worker to work, once the page itself has all it needs.

/** `form`: address of the form to be kept for hours without a network. */
export function register(form) {
  return tell({ keep: form })
}

/** `address`: of the crew's day list, to be kept as long as the server says. */
export function keepDay(address) {
  return tell({ keepDay: address })
}

async function tell(wish) {
  if (!navigator.serviceWorker) return
  try {
    await navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" })
    const { active } = await navigator.serviceWorker.ready
    active.postMessage(wish)
  } catch {
    // a private window, or switched off: then the page needs a network
  }
}
