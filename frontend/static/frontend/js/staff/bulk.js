// Many reports at once: the key that was pressed at the desk has chosen its deed already; what is
// sent goes once, and says that it is under way.

const form = document.querySelector("[data-bulk]")
const send = form.querySelector("[data-do]")

// ── The deed that the address names ──
// No id of the page: the browser itself would move the focus to that, later than this does.
const slug = location.hash.startsWith("#tat=") ? location.hash.slice(5) : ""
const radio = slug && document.getElementById(`tat-${slug}`)

if (radio && !form.querySelector("[name=tat]:checked")) {
  radio.checked = true
  const fields = radio.closest(".bulk-deed").querySelector(".bulk-fields")
  const first = fields.querySelector("input:not([type=hidden]), select, textarea")
  const goal = first ?? send
  goal.focus({ preventScroll: true })
  radio.closest(".bulk-deed").scrollIntoView({ block: "nearest" })
  if (goal === send) send.scrollIntoView({ block: "nearest" })
} else if (slug && !radio) {
  const note = document.querySelector("[data-impossible]")
  note.hidden = false
  note.focus()
}

form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.repeat) return
  event.preventDefault()
  form.requestSubmit(send)
})

// ── Under way ──
let words = null // what the pressed button says otherwise

form.addEventListener("submit", (event) => {
  if (words) return event.preventDefault()
  const button = event.submitter ?? send
  words = { button, rest: button.textContent }
  form.setAttribute("aria-busy", "true")
  for (const each of form.querySelectorAll("[data-buttons] button")) each.setAttribute("aria-disabled", "true")
  button.textContent = button.dataset.busy
  form.querySelector("[data-under-way]").textContent = button.dataset.busy
})

addEventListener("pageshow", ({ persisted }) => {
  if (!persisted || !words) return
  form.removeAttribute("aria-busy")
  for (const each of form.querySelectorAll("[data-buttons] button")) each.removeAttribute("aria-disabled")
  words.button.textContent = words.rest
  form.querySelector("[data-under-way]").textContent = ""
  words = null
})
