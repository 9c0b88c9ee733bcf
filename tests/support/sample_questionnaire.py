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


def change(old, new):
    assert old in GOOD
    return GOOD.replace(old, new, 1)
