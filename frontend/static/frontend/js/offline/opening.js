// On every public page: if reports wait on this device, they go now.

const QUEUE = "#js/offline/queue.js" // loaded when there is work, not before

async function open() {
  if (!isWaiting()) return
  const { queue } = await import(QUEUE)
  await queue.kick()
}

function isWaiting() {
  try {
    return localStorage.getItem("augenmerk-waiting") !== null
  } catch {
    return false // this browser keeps nothing, so nothing waits
  }
}

open()
