/** What stands in the tabs. */
export const STYLE_OF_LISTS = `
h2 {
  margin: 20px 0 8px;
  font-size: 11px;
  font-weight: 600;
  letter-spacing: 0.05em;
  text-transform: uppercase;
  color: var(--faint);
}
h2:first-child {
  margin-top: 0;
}
p {
  margin: 0 0 10px;
}
.faint {
  color: var(--faint);
}
.good {
  color: var(--good);
}
.odd {
  color: var(--odd);
}
.bad {
  color: var(--bad);
}
.note {
  padding: 10px 12px;
  margin: 0 0 12px;
  background: var(--track);
  border-radius: 9px;
}
.note.bad {
  background: var(--bad-soft);
}
.note.odd {
  background: var(--odd-soft);
}
.note p:last-child {
  margin: 0;
}
.note button {
  margin-top: 2px;
}
.empty {
  padding: 36px 24px;
  color: var(--faint);
  text-align: center;
}
ul {
  margin: 0;
  padding: 0;
  list-style: none;
}
.cards > li {
  margin-bottom: 8px;
  background: var(--card);
  border: 1px solid var(--line);
  border-radius: 10px;
}
.cards > li.lit {
  border-color: var(--accent);
}
.head {
  display: block;
  width: 100%;
  padding: 10px 12px;
  text-align: left;
  white-space: normal;
  background: none;
  border: 0;
  border-radius: 10px;
}
.row {
  display: flex;
  gap: 8px;
  align-items: center;
  min-width: 0;
}
.row + .row {
  margin-top: 3px;
}
.title {
  flex: 1;
  min-width: 0;
  overflow: hidden;
  font-weight: 600;
  white-space: nowrap;
  text-overflow: ellipsis;
}
.side-note {
  flex: none;
  font-size: 12px;
  font-variant-numeric: tabular-nums;
}
.small {
  font-size: 12px;
}
.cut {
  min-width: 0;
  overflow: hidden;
  white-space: nowrap;
  text-overflow: ellipsis;
}
.grow {
  flex: 1;
}
.chip {
  flex: none;
  padding: 1px 8px;
  font-size: 11.5px;
  font-weight: 550;
  line-height: 17px;
  color: var(--faint);
  background: var(--track);
  border-radius: 999px;
}
.chip.place {
  max-width: 60%;
  overflow: hidden;
  color: var(--ink);
  text-overflow: ellipsis;
  white-space: nowrap;
}
.chip.good {
  color: var(--good);
  background: var(--good-soft);
}
.chip.odd {
  color: var(--odd);
  background: var(--odd-soft);
}
.chip.bad {
  color: var(--bad);
  background: var(--bad-soft);
}
.chip.warm {
  color: var(--accent);
  background: var(--soft);
}
.turn {
  flex: none;
  width: 12px;
  height: 12px;
  color: var(--faint);
}
[aria-expanded='true'] .turn {
  transform: rotate(90deg);
}
.body {
  padding: 2px 12px 12px;
}
.body > h2 {
  margin: 14px 0 6px;
}
.body > h2:first-child {
  margin-top: 4px;
}
.time {
  display: block;
  width: 100%;
  height: 6px;
  margin-top: 8px;
}
.time .track {
  fill: var(--track);
}
.time .bar {
  fill: var(--accent);
}
.time .bar.notifications {
  fill: var(--good);
}
.time .bar.bad {
  fill: var(--bad);
}
.time .mark-line {
  stroke: var(--faint);
  stroke-width: 1;
  vector-effect: non-scaling-stroke;
  opacity: 0.6;
}
.actions {
  display: flex;
  flex-wrap: wrap;
  gap: 6px;
  margin: 8px 0 4px;
}
`
