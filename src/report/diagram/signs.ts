import type { Shape } from './diagram.ts'

/** The sign of each shape around its own place, drawn with lines and areas that differ in form and not in colour alone. */
export const signs: Readonly<Record<Shape, string>> = {
  sent: '<circle r="4.5" class="o"/>',
  confirmed: '<circle r="6" class="g"/><path d="M-3 0l2.2 2.6L3.2-2.8" class="t"/>',
  unsure: '<circle r="6" class="u"/><path d="M-1.8-1.6q0-2 1.9-2t1.9 1.8q0 1-1.9 1.8v.8M.1 3v.6" class="t"/>',
  delivered: '<path d="M-4-5.5L5.5 0-4 5.5z" class="f"/>',
  effect: '<path d="M0-6.5L6.5 0 0 6.5-6.5 0z" class="e"/>',
  'left-out': '<path d="M0-6.5L6.5 0 0 6.5-6.5 0z" class="o"/><path d="M-4.5 4.5L4.5-4.5" class="l"/>',
  finished: '<path d="M-5 0l3.4 4L5-4.5" class="l"/>',
  stored: '<path d="M-5.5-3.5h11v7h-11z" class="f"/>',
  gone: '<path d="M-5-5L5 5M-5 5L5-5" class="x"/>',
  failed: '<path d="M0-6.5L6.2 4.8H-6.2z" class="b"/><path d="M0-2.6v3.4M0 2.6v.6" class="t"/>',
  committed: '<path d="M-5.5-5.5h11v11h-11z" class="o"/><path d="M-3 0l2.2 2.6L3.2-2.8" class="l"/>',
  elected: '<path d="M0-7l1.8 4.6 5 .3-3.9 3.1 1.3 4.8L0 3.1l-4.2 2.7 1.3-4.8-3.9-3.1 5-.3z" class="u"/>',
  regrouped: '<path d="M-3.2-5.6h6.4L6.5 0 3.2 5.6h-6.4L-6.5 0z" class="o"/><circle r="1.8" class="f"/>',
  fault: '<path d="M1.5-8L-5 1.5h4L-2 8 5-2H.8z" class="b"/>',
  node: '<path d="M-6 0H6M0-4v8" class="l"/>',
  other: '<circle r="3" class="f"/>',
}
