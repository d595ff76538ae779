// The owner's page of a loss: new hits come by themselves. The first comparison takes a moment and
// rings only if it finds something, so the page looks again until it is over.

import "#js/report/live-report.js"

const AGAIN_MS = 3000
const page = document.querySelector("live-report")

const clock = setInterval(() => {
  if (page.querySelector("[data-searching]")) page.dispatchEvent(new CustomEvent("report:changed"))
  else clearInterval(clock)
}, AGAIN_MS)
