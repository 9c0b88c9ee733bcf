"""A questionnaire file with every kind of question."""

GOOD = """\
code: small
version: "1"
fiscal_year: 2024
title: 小さな調査票
sections:
  - code: step0
    kind: step
    step: 0
    title: ステップ0
    worth: 30
    questions:
      - code: 0-1
        key: first
        type: single
        short: 一
        wording: 一を選んでください。
        area: ai
        choices:
          - {code: done, label: している, points: 10}
          - {code: none, label: していない, points: 0}
      - code: 0-2
        key: second
        type: text
        short: 二
        wording: 二を書いてください。
        required: false
        when: {question: 0-1, any_of: [done]}
      - code: 0-3
        key: third
        type: multiple
        short: 三
        wording: 三をすべて選んでください。
        max_points: 3
        choices:
          - {code: a, label: あ, points: 2}
          - {code: b, label: い, points: 2}
          - {code: none, label: ない, points: 0, exclusive: true}
      - code: 0-4
        key: fourth
        type: number
        short: 四
        wording: 四の件数を書いてください。
        unit: 件
        minimum: 0
        maximum: 99.5
        bands: [{minimum: 1, points: 5}, {minimum: 10, points: 10}]
      - code: 0-5
        key: fifth
        type: matrix
        short: 五
        wording: 五の表に答えてください。
        choices:
          - {code: done, label: 済, points: 2}
          - {code: none, label: 未, points: 0}
        rows: [{code: x, label: 甲}, {code: y, label: 乙}]
      - code: 0-6
        key: sixth
        type: ranking
        short: 六
        wording: 六を順に選んでください。
        weights: [2, 1]
        when: {any: [{question: 0-3, any_of: [a]}, {all: [{question: 0-1, any_of: [done, none]}]}]}
        choices:
          - {code: a, label: あ, points: 3}
          - {code: b, label: い, points: 1}
  - code: profile
    kind: profile
    title: 回答者
    questions:
      - {code: 8-1, key: name, type: text, short: 名, wording: 名前を書いてください。}
contradictions:
  - code: odd
    when: {all: [{question: 0-1, any_of: [none]}, {question: 0-3, any_of: [a]}]}
    message: 一と三が合いません。
"""


# what is wrong → (part of the good file, what it becomes, the error's code, a part of the line it is shown at)
MISTAKES = {
    "unknown condition target": ("question: 0-1, any_of: [done]}", "question: 9-9, any_of: [done]}", "unknown_target", "9-9"),
    "condition on a later question": (
        "when: {question: 0-1, any_of: [done]}",
        "when: {question: 0-3, any_of: [a]}",
        "not_earlier",
        "when: {question: 0-3, any_of: [a]}",
    ),
    "condition on a question without choices": (
        "{question: 0-3, any_of: [a]}, {all",
        "{question: 0-2, any_of: [a]}, {all",
        "target_without_choices",
        "question: 0-2",
    ),
    "unknown choice in a condition": ("0-1, any_of: [done]}", "0-1, any_of: [dun]}", "unknown_choice", "dun"),
    "a condition on itself": ("question: 0-1, any_of: [done]}", "question: 0-2, any_of: [done]}", "cycle", "question: 0-2"),
    "a condition of no known form": ("when: {question: 0-1, any_of: [done]}", "when: {question: 0-1}", "bad_condition", "{question: 0-1}"),
    "an empty list in a condition": ("any_of: [done]}", "any_of: []}", "empty", "any_of: []"),
    "duplicate question code": ("code: 8-1", "code: 0-2", "duplicate", "key: name"),
    "duplicate key": ("key: second", "key: first", "duplicate", "code: 0-2"),
    "duplicate choice": ("{code: b, label: い, points: 2}", "{code: a, label: い, points: 2}", "duplicate", "code: 0-3"),
    "duplicate row": ("{code: y, label: 乙}", "{code: x, label: 乙}", "duplicate", "code: 0-5"),
    "points on a text": (
        "wording: 二を書いてください。",
        "wording: 二。\n        bands: [{minimum: 1, points: 5}]",
        "points_on_text",
        "bands: [{minimum: 1, points: 5}]",
    ),
    "points on a text's choices": (
        "wording: 二を書いてください。",
        "wording: 二。\n        choices: [{code: a, label: あ, points: 1}]",
        "points_on_text",
        "choices: [{code: a",
    ),
    "a text with points": ("short: 二", "short: 二\n        points: 5", "points_on_text", "points: 5\n        wording: 二"),
    "points on a question instead of its choices": ("short: 一", "short: 一\n        points: 5", "wrong_key", "points: 5\n"),
    "choices on a text": ("wording: 二を書いてください。", "wording: 二。\n        choices: [{code: a, label: あ}]", "wrong_key", "choices: [{code: a"),
    "missing points in a scored section": ("label: している, points: 10", "label: している", "points_missing", "している"),
    "points in an unscored section": (
        "{code: 8-1, key: name, type: text, short: 名, wording: 名前を書いてください。}",
        "{code: 8-1, key: name, type: number, short: 名, wording: 数。, bands: [{minimum: 1, points: 5}]}",
        "points_unscored",
        "8-1",
    ),
    "worth on a profile": ("title: 回答者", "title: 回答者\n    worth: 30", "worth_unscored", "worth: 30\n    questions:\n      - {code: 8"),
    "a step without its number": ("    step: 0\n", "", "bad_step", "code: step0"),
    "unknown area": ("area: ai", "area: magic", "unknown_area", "code: 0-1"),
    "unknown kind": ("type: ranking", "type: order", "bad_value", "type: order"),
    "unknown key": ("short: 一", "short: 一\n        hlp: 注", "unknown_key", "hlp"),
    "missing key": ("        short: 一\n", "", "missing_key", "code: 0-1"),
    "repeated key": ("short: 一", "short: 一\n        short: 二", "repeated_key", "short: 二"),
    "version as a number": ('version: "1"', "version: 1", "bad_type", "version: 1"),
    "points as text": ("label: している, points: 10", "label: している, points: ten", "bad_type", "ten"),
    "negative points": ("label: している, points: 10", "label: している, points: -1", "bad_value", "している"),
    "required as text": ("required: false", "required: いいえ", "bad_type", "required: いいえ"),
    "exclusive on a single choice": ("していない, points: 0}", "していない, points: 0, exclusive: true}", "exclusive_not_multiple", "していない"),
    "points on an exclusive choice": ("points: 0, exclusive: true", "points: 1, exclusive: true", "points_on_exclusive", "code: a, label: あ, points: 2"),
    "a cap that cannot be reached": ("max_points: 3", "max_points: 5", "cap_unreachable", "max_points: 5"),
    "a range upside down": ("minimum: 0\n", "minimum: 100\n", "bad_range", "code: 0-4"),
    "bands out of order": ("{minimum: 1, points: 5}, {minimum: 10", "{minimum: 10, points: 5}, {minimum: 1", "bands_order", "bands"),
    "a band out of range": ("{minimum: 10, points: 10}", "{minimum: 200, points: 10}", "band_out_of_range", "code: 0-4"),
    "weights out of order": ("weights: [2, 1]", "weights: [1, 2]", "weights_order", "weights"),
    "more weights than choices": ("weights: [2, 1]", "weights: [3, 2, 1]", "too_many_weights", "code: 0-6"),
    "one choice only": ("          - {code: none, label: 未, points: 0}\n", "", "too_few_choices", "code: 0-5"),
    "a contradiction that can't be": ("[none]}, {question: 0-3, any_of: [a]}]}\n", "[none]}, {question: 0-1, any_of: [done]}]}\n", "unreachable", "code: odd"),
}  # fmt: skip


def change(old, new):
    assert old in GOOD
    return GOOD.replace(old, new, 1)
