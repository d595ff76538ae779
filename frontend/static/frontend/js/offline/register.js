// Puts the service worker to work, once the page itself has all it needs.

/** `form`: address of the form to be kept for hours without a network. */
export async function register(form) {
  if (!navigator.serviceWorker) return
  try {
    await navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" })
    const { active } = await navigator.serviceWorker.ready
    active.postMessage({ keep: form })
  } catch {
    // a private window, or switched off: then the form needs a network
  }
}
