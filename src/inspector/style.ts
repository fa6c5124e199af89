import { STYLE_OF_DETAILS } from './style-details.ts'
import { STYLE_OF_LISTS } from './style-lists.ts'
import { STYLE_OF_TABS } from './style-tabs.ts'

/** The frame: colours, panel, header, tabs. A style sheet that is made by script needs no `style-src`. */
const STYLE_OF_FRAME = `
:host {
  all: initial;
  --ground: #faf8f5;
  --card: #ffffff;
  --ink: #231f1a;
  --faint: #6f665c;
  --line: #e7e1d9;
  --accent: #b83d0b;
  --soft: #fbe8db;
  --good: #15753a;
  --good-soft: #e2f3e7;
  --bad: #b91c1c;
  --bad-soft: #fbe4e2;
  --odd: #8f5606;
  --odd-soft: #f8edcf;
  --track: #f3eee8;
  --on-accent: #ffffff;
  --shadow: 0 12px 40px rgb(58 40 20 / 18%), 0 2px 8px rgb(58 40 20 / 10%);
  position: fixed;
  inset: 0;
  z-index: 2147483647;
  pointer-events: none;
  color-scheme: light dark;
  font: 13px / 1.45 system-ui, sans-serif;
  color: var(--ink);
}
@media (prefers-color-scheme: dark) {
  :host {
    --ground: #171513;
    --card: #211e1b;
    --ink: #f0ebe4;
    --faint: #aca296;
    --line: #37322d;
    --accent: #fb923c;
    --soft: #41301f;
    --good: #5fd487;
    --good-soft: #1d3325;
    --bad: #f88b86;
    --bad-soft: #45211f;
    --odd: #f0c14b;
    --odd-soft: #3a2f15;
    --track: #2b2723;
    --on-accent: #231403;
    --shadow: 0 12px 40px rgb(0 0 0 / 55%), 0 0 0 1px rgb(255 255 255 / 4%);
  }
}
* {
  box-sizing: border-box;
}
[hidden] {
  display: none !important;
}
.panel {
  position: fixed;
  inset: 12px 12px 12px auto;
  width: min(var(--size, 440px), calc(100vw - 24px));
  display: flex;
  flex-direction: column;
  overflow: hidden;
  pointer-events: auto;
  background: var(--ground);
  border: 1px solid var(--line);
  border-radius: 14px;
  box-shadow: var(--shadow);
}
.panel.bottom {
  inset: auto 12px 12px 12px;
  width: auto;
  height: min(var(--size, 380px), calc(100vh - 24px));
}
@media (prefers-reduced-motion: no-preference) {
  .panel,
  .pill {
    animation: arrive 0.16s ease-out;
  }
  @keyframes arrive {
    from {
      opacity: 0;
      transform: translateY(6px);
    }
  }
}
.grip {
  position: absolute;
  z-index: 1;
  inset: 0 auto 0 0;
  width: 7px;
  cursor: ew-resize;
  touch-action: none;
}
.bottom .grip {
  inset: 0 0 auto 0;
  width: auto;
  height: 7px;
  cursor: ns-resize;
}
.grip::after {
  content: '';
  position: absolute;
  inset: calc(50% - 18px) auto auto 2px;
  width: 3px;
  height: 36px;
  border-radius: 3px;
  background: var(--line);
}
.bottom .grip::after {
  inset: 2px auto auto calc(50% - 18px);
  width: 36px;
  height: 3px;
}
.grip:hover::after,
.grip:focus-visible::after {
  background: var(--accent);
}
header {
  display: flex;
  gap: 8px;
  align-items: center;
  padding: 11px 10px 7px 16px;
  background: var(--card);
}
h1 {
  display: flex;
  gap: 8px;
  align-items: center;
  margin: 0;
  font-size: 14px;
  font-weight: 650;
}
h1 em {
  font-style: normal;
  color: var(--accent);
}
.mark {
  flex: none;
  width: 16px;
  height: 16px;
  border: 2.5px solid var(--accent);
  border-radius: 50%;
  background: radial-gradient(var(--accent) 34%, transparent 40%);
}
.account {
  flex: 1;
  min-width: 0;
  overflow: hidden;
  color: var(--faint);
  font-size: 12px;
  white-space: nowrap;
  text-overflow: ellipsis;
}
button,
input,
select {
  font: inherit;
  color: inherit;
}
button {
  padding: 3px 10px;
  background: var(--card);
  border: 1px solid var(--line);
  border-radius: 7px;
  cursor: pointer;
  white-space: nowrap;
}
button:hover {
  border-color: var(--accent);
}
button.main {
  padding: 6px 14px;
  color: var(--on-accent);
  background: var(--accent);
  border-color: var(--accent);
  font-weight: 600;
}
.icon {
  display: grid;
  place-items: center;
  width: 28px;
  height: 28px;
  padding: 0;
  color: var(--faint);
  background: none;
  border-color: transparent;
}
.icon:hover {
  color: var(--ink);
  background: var(--track);
  border-color: transparent;
}
.icon svg {
  width: 16px;
  height: 16px;
}
svg.line {
  fill: none;
  stroke: currentcolor;
  stroke-width: 1.6;
  stroke-linecap: round;
  stroke-linejoin: round;
}
:focus {
  outline: none;
}
:focus-visible {
  outline: 2px solid var(--accent);
  outline-offset: 1px;
}
`

/** Everything that the inspector looks like. */
export const STYLE = STYLE_OF_FRAME + STYLE_OF_TABS + STYLE_OF_LISTS + STYLE_OF_DETAILS
