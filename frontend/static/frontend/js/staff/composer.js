// Writing beside the page: how it will read while somebody types, words put in as soon as they are
// chosen, Ctrl+Enter to save. Without it the same form has buttons for all of that.

import { fetchPiece } from "#js/staff/fragments.js"

const REST_MS = 400
const waiting = new WeakMap() // form → timer
const asked = new WeakMap() // form → number of the last question

const isComposer = (form) => Boolean(form?.dataset.previewUrl)

document.addEventListener("input", ({ target }) => {
  const form = target.closest?.("form")
  if (!isComposer(form)) return
  if (target.matches("[data-pick]")) pick(target)
  else later(form)
})

document.addEventListener("keydown", (event) => {
  const isSave = event.key === "Enter" && (event.ctrlKey || event.metaKey)
  const form = event.target.closest?.(".deed-form")
  if (!isSave || !form) return
  event.preventDefault()
  form.requestSubmit(form.querySelector("[data-save]") ?? undefined)
})

/** A title that stands in the list has been chosen: put its words in. */
function pick(field) {
  const titles = [...field.list.options].map((option) => option.value)
  if (titles.includes(field.value)) field.form.requestSubmit(field.form.querySelector("[data-insert]"))
}

function later(form) {
  clearTimeout(waiting.get(form))
  waiting.set(form, setTimeout(() => show(form), REST_MS))
}

/** The server's own letter and page, never glued together here. */
async function show(form) {
  const box = form.querySelector("[data-live-preview]")
  const number = (asked.get(form) ?? 0) + 1
  asked.set(form, number)
  const body = new FormData(form)
  body.delete("photo") // pictures need not travel for words
  const piece = await fetchPiece(form.dataset.previewUrl, { method: "POST", body }).catch(() => null)
  if (piece?.status !== 200 || asked.get(form) !== number || !form.isConnected) return
  const isOpen = box.querySelector("details")?.open
  box.replaceChildren(...piece.content.childNodes)
  if (isOpen) box.querySelector("details")?.setAttribute("open", "")
}
