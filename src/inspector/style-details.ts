/** What is in the details of cards, tables of values, and forms. */
export const STYLE_OF_DETAILS = `
pre {
  max-height: 260px;
  margin: 0;
  padding: 9px 11px;
  overflow: auto;
  font: 11.5px / 1.5 ui-monospace, monospace;
  white-space: pre;
  tab-size: 2;
  background: var(--track);
  border-radius: 8px;
  scrollbar-width: thin;
}
.body pre {
  background: var(--ground);
  border: 1px solid var(--line);
}
code {
  font: 12px / 1.45 ui-monospace, monospace;
  overflow-wrap: anywhere;
}
pre .key {
  color: var(--ink);
  font-weight: 600;
}
pre .string {
  color: var(--good);
}
pre .word {
  color: var(--accent);
}
dl {
  display: grid;
  grid-template-columns: minmax(96px, max-content) minmax(0, 1fr);
  gap: 6px 14px;
  margin: 0;
  padding: 10px 12px;
  background: var(--card);
  border: 1px solid var(--line);
  border-radius: 10px;
}
.body dl {
  padding: 0;
  background: none;
  border: 0;
}
dt {
  color: var(--faint);
}
dd {
  display: flex;
  gap: 2px;
  align-items: flex-start;
  min-width: 0;
  margin: 0;
}
dd code {
  flex: 1;
  min-width: 0;
  padding-top: 1px;
}
dd .icon {
  flex: none;
  width: 22px;
  height: 22px;
  margin: -2px 0;
}
dd .icon svg {
  width: 14px;
  height: 14px;
}
dl + p,
form + p,
.actions + p {
  margin-top: 10px;
}
pre.text {
  white-space: pre-wrap;
  overflow-wrap: anywhere;
}
.quiet {
  padding: 0 6px;
  color: var(--faint);
  font-size: 11.5px;
  background: none;
  border-color: transparent;
}
.quiet:hover {
  color: var(--ink);
  background: var(--track);
  border-color: transparent;
}
.tally {
  display: flex;
  margin-bottom: 14px;
  padding: 9px 4px;
  background: var(--card);
  border: 1px solid var(--line);
  border-radius: 10px;
}
.tally div {
  flex: 1 1 auto;
  padding: 0 9px;
  border-left: 1px solid var(--line);
}
.tally div:first-child {
  border: 0;
}
.tally b {
  display: block;
  font-size: 18px;
  font-weight: 650;
  line-height: 1.25;
  font-variant-numeric: tabular-nums;
}
.tally span {
  font-size: 11.5px;
  color: var(--faint);
}
.rules li {
  padding: 7px 0;
  border-top: 1px solid var(--line);
}
.rules li:first-child {
  border: 0;
}
form {
  display: grid;
  gap: 12px;
}
label {
  display: grid;
  gap: 4px;
  color: var(--faint);
  font-size: 12px;
}
label.check {
  display: flex;
  gap: 8px;
  align-items: center;
  color: var(--ink);
  font-size: 13px;
}
input:not([type='checkbox']) {
  width: 100%;
  min-width: 0;
  padding: 6px 9px;
  font-size: 13px;
  color: var(--ink);
  background: var(--card);
  border: 1px solid var(--line);
  border-radius: 7px;
}
input[type='checkbox'] {
  width: 15px;
  height: 15px;
  margin: 0;
  accent-color: var(--accent);
}
.pair {
  display: grid;
  grid-template-columns: 1fr 1fr;
  gap: 12px;
}
@media (max-width: 480px) {
  input:not([type='checkbox']) {
    font-size: 16px;
  }
}
`
