"""The points of a questionnaire as Markdown tables, for docs and for prefectures that publish their scheme."""

from assessments.domain.questionnaires.spec import QuestionKind, QuestionnaireSpec, QuestionSpec

KIND_NAMES = {
    QuestionKind.SINGLE: "一つ選択",
    QuestionKind.MULTIPLE: "複数選択",
    QuestionKind.TEXT: "記述",
    QuestionKind.NUMBER: "数値",
    QuestionKind.MATRIX: "表",
    QuestionKind.RANKING: "順位",
}


def points_table(spec: QuestionnaireSpec) -> str:
    """A heading and a table for every section, in the order of the questionnaire."""
    lines = []
    for section in spec.sections:
        scaled = f"素点の満点 {spec.possible(section.code)}点を {section.worth}点に換算します。"
        lines += [f"### {section.title}", "", scaled if section.worth else "点を付けません。", ""]
        lines += ["| 問 | 主題 | 形式 | 満点 | 点 |", "| --- | --- | --- | ---: | --- |"]
        for question in spec.in_section(section.code):
            cells = (
                question.code,
                question.short,
                KIND_NAMES[question.kind],
                question.max_points or "―",
                _points(question),
            )
            lines.append(f"| {' | '.join(map(str, cells))} |")
        lines.append("")
    return "\n".join(lines)


def _points(question: QuestionSpec) -> str:
    if not question.scored:
        return "―"
    if question.kind == QuestionKind.NUMBER:
        return "、".join(f"{band.minimum:f}{question.unit}以上 {band.points}" for band in question.bands)
    listed = "、".join(f"{choice.label} {choice.points}" for choice in question.choices)
    if question.kind == QuestionKind.MATRIX:
        return f"{len(question.rows)}行それぞれ：{listed}"
    if question.kind == QuestionKind.RANKING:
        return f"順位の重み {'、'.join(map(str, question.weights))} × {listed}"
    if question.kind == QuestionKind.MULTIPLE:
        return f"選んだものの合計（上限{question.max_points}）：{listed}"
    return listed
