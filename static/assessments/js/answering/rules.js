/* Conditions in the browser: the same meaning as assessments/domain/questionnaires/conditions.py.

   data-rule on a question   {"question": "0-1", "any_of": ["yes"]} | {"all": [...]} | {"any": [...]}
   data-elsewhere on a form  {"0-1": ["yes"]}: choices given to questions whose controls are not on this page      */
(() => {
  "use strict";
  const dx = (window.dxAnswering ??= {});

  /* `given(code)` gives the choices of a question that is shown, else nothing. */
  dx.holds = function holds(rule, given) {
    if (rule.all) return rule.all.every((item) => holds(item, given));
    if (rule.any) return rule.any.some((item) => holds(item, given));
    return given(rule.question).some((choice) => rule.any_of.includes(choice));
  };

  /* Conditions look back only, so one pass in the order of the page settles chains. Returns the questions that
     have just come into view. What is hidden keeps its controls and what was typed in them. */
  dx.showAndHide = function showAndHide(form) {
    const elsewhere = JSON.parse(form.dataset.elsewhere);
    const blocks = new Map([...form.querySelectorAll("[data-question]")].map((one) => [one.dataset.question, one]));
    const hidden = new Set();
    const appeared = [];
    const given = (code) => {
      const block = blocks.get(code);
      if (!block || !("editable" in block.dataset)) return elsewhere[code] ?? [];
      return hidden.has(code) ? [] : dx.chosen(block);
    };
    for (const [code, block] of blocks) {
      if (!block.dataset.rule || !("editable" in block.dataset)) continue;
      const shown = dx.holds(JSON.parse(block.dataset.rule), given);
      if (!shown) hidden.add(code);
      else if ("hidden" in block.dataset) appeared.push(block);
      block.toggleAttribute("data-hidden", !shown);
    }
    return appeared;
  };
})();
