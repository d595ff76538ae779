// Stands in for the server while it can't be asked: fills in the fragments that the kept form brings
// along (templates/reports/offline/_standins.html). It knows no rule beyond what must not be missing.

import { fieldsOf, valueOf } from "#js/offline/fields.js"

const MIN_DESCRIPTION = 10
const STEP_OF = { spot: "ort", category: "was", answer: "was", description: "was" }

export class StandIn {
  #address
  #page = null

  /** `address` of the kept form, from which the fragments are taken. */
  constructor(address) {
    this.#address = address
  }

  /** The fragments of these parts as HTML; null where there is nothing to say. */
  async answer(form, { parts, more = {} }) {
    const page = await this.#kept()
    if (!page) return null
    const fields = [...Object.entries(more), ...fieldsOf(form)]
    const found = parts.map((part) => this.#fragment(part, page, { form, fields }))
    return found.some(Boolean) ? found.filter(Boolean).join("\n") : null
  }

  /** The summary of what is missing (of one step) as HTML; null when it can wait for the network. */
  async lacks(form, { photos, step }) {
    const page = await this.#kept()
    const missing = lacking(form, photos)
    for (const name of missing.keys()) {
      if (step && STEP_OF[name] !== step) missing.delete(name)
    }
    if (!page || missing.size === 0) return null
    const summary = this.#template(page, "errors")
    for (const line of summary.querySelectorAll("[data-lacks]")) {
      if (!missing.has(line.dataset.lacks)) line.remove()
    }
    const { anchor = "", question = "" } = missing.get("answer") ?? {}
    return filled(summary.outerHTML, { client_id: valueOf(fieldsOf(form), "client_id"), anchor, question })
  }

  #fragment(part, page, { form, fields }) {
    const spot = valueOf(fields, "spot")
    const place = spot.split(",").reverse().map((degrees) => Number(degrees).toFixed(5)).join(", ")
    const category = valueOf(fields, "category")
    if (part === "errors") {
      const whole = '<div id="part-errors"><input type="hidden" name="client_id" value="{client_id}"></div>'
      return filled(whole, { client_id: valueOf(fields, "client_id") })
    }
    if (part === "questions") return this.#questions(page, category)
    if (part === "place" && spot) {
      return filled(this.#template(page, part).outerHTML, { spot, place, accuracy: valueOf(fields, "accuracy") })
    }
    if (part === "hits" && valueOf(fields, "place").trim()) return this.#template(page, part).outerHTML
    if (part === "summary") return this.#summary(page, form, { ...words(fields), place: spot && place })
    if (part === "preview") {
      return filled(this.#template(page, part).outerHTML, { title: nameOf(form, category), place: spot && place })
    }
    return null
  }

  #summary(page, form, known) {
    const list = this.#template(page, "summary")
    const count = form.querySelector("photo-picker").count
    for (const line of list.querySelectorAll("[data-fill]")) {
      const { fill, one, many } = line.dataset
      const photos = count === 1 ? one : many?.replace("{n}", count)
      const values = { ...known, photos: count ? photos : "", category: nameOf(form, known.category) }
      if (values[fill]) line.textContent = values[fill]
    }
    return list.outerHTML
  }

  #questions(page, category) {
    const kept = page.querySelector(`template[data-questions-of="${CSS.escape(category)}"]`)
    return kept ? kept.innerHTML : `<div id="part-questions" class="questions"></div>`
  }

  #template(page, name) {
    return page.querySelector(`template[data-standin="${name}"]`).content.firstElementChild.cloneNode(true)
  }

  async #kept() {
    if (this.#page) return this.#page
    if (document.querySelector("[data-standins]")) return document
    const answer = await globalThis.caches?.match(this.#address)
    if (!answer) return null
    this.#page = new DOMParser().parseFromString(await answer.text(), "text/html")
    return this.#page
  }
}

function words(fields) {
  const [category, description] = ["category", "description"].map((name) => valueOf(fields, name))
  const contact = ["email", "name", "phone"].map((name) => valueOf(fields, name)).filter(Boolean)
  return { category, description, contact: contact.join(", ") }
}

/** What the server would ask for: name → facts. */
function lacking(form, photos) {
  const fields = fieldsOf(form)
  const missing = new Map()
  if (!valueOf(fields, "spot")) missing.set("spot", {})
  if (!valueOf(fields, "category")) missing.set("category", {})
  const open = unanswered(form, fields)
  if (open) missing.set("answer", open)
  const words = valueOf(fields, "description").trim()
  if (photos === 0 && words.length < MIN_DESCRIPTION) missing.set("description", {})
  return missing
}

/** The first question that must be answered and is not. */
function unanswered(form, fields) {
  for (const question of form.querySelectorAll("#part-questions .field")) {
    const input = question.querySelector("input, select, textarea")
    if (!input || question.closest("[hidden]") || question.querySelector(".optional")) continue
    if (!valueOf(fields, input.name).trim()) {
      const text = question.querySelector("legend, label").textContent.trim()
      return { anchor: input.id, question: text }
    }
  }
  return null
}

function nameOf(form, category) {
  const input = form.querySelector(`[name=category][value="${CSS.escape(category)}"]`)
  return input?.closest("label")?.textContent.trim() ?? ""
}

function filled(html, words) {
  return html.replace(/\{(\w+)\}/g, (_, name) => escaped(String(words[name] ?? "")))
}

function escaped(text) {
  const node = document.createElement("p")
  node.textContent = text
  return node.innerHTML.replaceAll('"', "&quot;")
}
