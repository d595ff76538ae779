// What came of many reports: the key that takes back works here, too, and the offer says when it ends.

import { isField, Presses } from "#js/staff/keys-presses.js"
import { lastOffer } from "#js/staff/undo-offer.js"

const page = document.querySelector("[data-bulk-done]")
const { undoKey, over } = page.dataset
const presses = new Presses(undoKey ? { undo: undoKey } : {})

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.repeat || isField(event.target)) return
  const offer = presses.press(event) === "undo" && lastOffer()
  if (!offer) return
  event.preventDefault()
  offer.form.requestSubmit()
})

page.addEventListener("undo:over", ({ target }) => {
  target.closest(".case-message").querySelector("p").textContent = over
})
