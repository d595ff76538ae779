// <question-list>: questions and blocks that hang on an answer appear as soon as it is given, also
// without a network. The server decides anew when the form is sent.

import { holds } from "#js/report/conditions.js"

class QuestionList extends HTMLElement {
  connectedCallback() {
    for (const element of this.querySelectorAll("[data-no-js]")) element.hidden = true
    this.addEventListener("change", () => this.arrange())
    this.arrange()
  }

  arrange() {
    const answers = new Map()
    for (const part of this.querySelectorAll("[data-if], [data-code]")) {
      const isAsked = !part.dataset.if || holds(JSON.parse(part.dataset.if), answers)
      part.hidden = !isAsked
      if (isAsked && part.dataset.code) answers.set(part.dataset.code, chosenIn(part))
    }
  }
}

function chosenIn(question) {
  return [...question.querySelectorAll("input:checked")].map((input) => input.value)
}

customElements.define("question-list", QuestionList)
