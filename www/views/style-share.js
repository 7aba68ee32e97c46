/** How the dialog with the lines for embedding looks. Part of style.js, set apart for its length. */

export const share = `
.share { width: min(800px, calc(100vw - 32px)); max-height: calc(100vh - 32px); padding: 0 20px 20px; color: var(--c-ink); background: var(--c-paper); border: 1px solid var(--c-rule); border-radius: 8px; box-shadow: 0 8px 40px rgb(0 0 0 / .3); font-size: 15px }
.share::backdrop { background: rgb(0 0 0 / .4) }
.share header { display: flex; justify-content: space-between; align-items: baseline; gap: 20px; position: sticky; top: 0; background: var(--c-paper); padding: 12px 0 8px; border: 0 }
.share h2 { font: 500 23px/1.2 var(--serif); margin: 0 }
.share h3 { font-size: 15px; margin: 0 }
.share p { margin: 4px 0; color: var(--c-soft); font-size: 13px }
.share section { display: grid; grid-template-columns: 1fr auto; align-items: baseline; gap: 0 20px; border-top: 1px solid var(--c-hair); padding-top: 12px; margin-top: 12px }
.share section > :not(h3, button) { grid-column: 1 / -1 }
.share pre { max-height: 12em; overflow: auto; margin: 4px 0 0; padding: 8px 12px; white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid var(--c-hair); border-radius: 4px; font: 13px/1.45 var(--mono) }
.acts { display: flex; gap: 12px }
.choices { display: flex; flex-wrap: wrap; gap: 8px 20px; margin-top: 8px }
.choices label { flex: 1 1 150px; min-width: 0; font-size: 13px; color: var(--c-soft) }
.choices label:first-child { flex-basis: 100% }
.choices select { display: block; font-size: 15px; color: var(--c-ink) }
.share a { color: var(--c-accent) }
.card canvas { max-width: 560px; border: 1px solid var(--c-hair); cursor: default }
.preview { overflow-x: auto; margin-top: 12px }
.preview iframe { display: block; height: min(60vh, 600px); border: 1px solid var(--c-hair); border-radius: 4px; margin-top: 8px; color-scheme: inherit }
@media print { .share { display: none } }
`;
