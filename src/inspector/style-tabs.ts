/** Tabs, the pill, the frames around elements of the page, and what is otherwise on a phone. */
export const STYLE_OF_TABS = `
[role='tablist'] {
  display: flex;
  gap: 2px;
  padding: 0 10px;
  overflow-x: auto;
  scrollbar-width: none;
  background: var(--card);
  border-bottom: 1px solid var(--line);
}
[role='tab'] {
  position: relative;
  display: flex;
  gap: 5px;
  align-items: center;
  padding: 7px 8px 9px;
  color: var(--faint);
  background: none;
  border: 0;
  border-radius: 7px 7px 0 0;
}
[role='tab']:hover {
  color: var(--ink);
}
[role='tab']:focus-visible {
  outline-offset: -2px;
}
[role='tab'][aria-selected='true'] {
  color: var(--ink);
  font-weight: 600;
}
[role='tab'][aria-selected='true']::after {
  content: '';
  position: absolute;
  inset: auto 8px -1px;
  height: 2px;
  border-radius: 2px;
  background: var(--accent);
}
.count {
  min-width: 18px;
  padding: 0 5px;
  font-size: 11px;
  font-weight: 600;
  line-height: 17px;
  text-align: center;
  font-variant-numeric: tabular-nums;
  color: var(--faint);
  background: var(--track);
  border-radius: 9px;
}
.count.odd {
  color: var(--odd);
  background: var(--odd-soft);
}
.count.bad {
  color: var(--bad);
  background: var(--bad-soft);
}
[role='tabpanel'] {
  flex: 1;
  min-height: 0;
  padding: 14px 16px 24px;
  overflow: auto;
  overscroll-behavior: contain;
  scrollbar-width: thin;
  scrollbar-color: var(--line) transparent;
}
.pill {
  position: fixed;
  inset: auto 16px 16px auto;
  display: flex;
  gap: 8px;
  align-items: center;
  padding: 8px 14px 8px 11px;
  pointer-events: auto;
  background: var(--card);
  border-radius: 999px;
  box-shadow: var(--shadow);
  font-weight: 600;
}
.outline {
  position: fixed;
  border: 2px solid var(--accent);
  border-radius: 4px;
  background: color-mix(in srgb, var(--accent) 9%, transparent);
}
.outline span {
  position: absolute;
  inset: auto auto 100% -2px;
  max-width: 60vw;
  padding: 2px 8px;
  overflow: hidden;
  color: var(--on-accent);
  background: var(--accent);
  border-radius: 4px 4px 4px 0;
  font-size: 12px;
  font-weight: 600;
  white-space: nowrap;
  text-overflow: ellipsis;
}
.outline.within span {
  inset: -2px auto auto -2px;
  border-radius: 4px 0 4px 0;
}
@media (max-width: 480px) {
  .panel,
  .panel.bottom {
    inset: auto 0 0 0;
    width: auto;
    height: min(var(--size, 62vh), 92vh);
    border-width: 1px 0 0;
    border-radius: 14px 14px 0 0;
  }
  .grip {
    inset: 0 0 auto 0;
    width: auto;
    height: 10px;
    cursor: ns-resize;
  }
  .grip::after {
    inset: 4px auto auto calc(50% - 18px);
    width: 36px;
    height: 3px;
  }
  header {
    padding-top: 14px;
  }
  .side {
    display: none;
  }
}
`
