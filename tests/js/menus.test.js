import assert from "node:assert/strict"
import test from "node:test"

import { left } from "#js/menus.js"

const menu = (open, ...inside) => ({ open, contains: (target) => inside.includes(target) })

test("a menu is left by what happens outside of it, not by what happens inside", () => {
  const [here, there, shut] = [menu(true, "link"), menu(true), menu(false)]
  assert.deepEqual(left([here, there, shut], "link"), [there])
  assert.deepEqual(left([here, there, shut], "field"), [here, there])
})
