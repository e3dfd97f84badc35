/* quizlost - what a format cannot hold of a quiz, told once a kind.
 *
 * Must not know: any format. */
#include "quizio/quizlost.h"

enum {
    ORDER,
    SCENARIO,
    POINTS,
    DIFFICULTY,
    RED_LINE,
    POOL,
    PARTIAL,
    RUBRIC,
    TAGS,
    TOLERANCE,
    KINDS
};

static bool has(const AjQuestion *q, unsigned kind)
{
    switch (kind) {
    case ORDER:
        return q->type == AJ_QUESTION_ORDER;
    case SCENARIO:
        return q->type == AJ_QUESTION_SCENARIO;
    case POINTS:
        return q->points != 1;
    case DIFFICULTY:
        return q->difficulty != NULL;
    case RED_LINE:
        return q->red_line;
    case POOL:
        return q->pool != NULL;
    case PARTIAL:
        return q->half;
    case TAGS:
        return q->tags.count > 0;
    case TOLERANCE:
        for (uint32_t i = 0; i < q->blanks.count; i++)
            for (uint32_t k = 0; k < q->blanks.at[i].count; k++)
                if (!q->blanks.at[i].at[k].text)
                    return true;
        return false;
    default:
        return q->rubric.count > 0;
    }
}

void aj_quizlost_tell(const AjQuizlost *lost, const AjQuiz *quiz, const char *path, AjDiags *diags)
{
    const bool wanted[KINDS] = {lost->no_order,      lost->no_scenario, lost->no_points,
                                lost->no_difficulty, lost->no_red_line, lost->no_pool,
                                lost->no_partial,    lost->no_rubric,   lost->no_tags,
                                lost->no_tolerance};
    const char *names[KINDS] = {AJ_TR("排序题（整题没有导出）", "ordering (not exported)"),
                                AJ_TR("情景题（整题没有导出）", "scenario (not exported)"),
                                AJ_TR("分值", "points"),
                                AJ_TR("难度", "difficulty"),
                                AJ_TR("红线", "red line"),
                                AJ_TR("题库", "pool"),
                                AJ_TR("漏选得半", "half for part"),
                                AJ_TR("评分要点", "rubric"),
                                AJ_TR("标签", "tags"),
                                AJ_TR("数的误差", "tolerance of numbers")};
    const char *hint = AJ_TR("导出 JSON 什么都不丢", "JSON holds everything");
    for (unsigned kind = 0; kind < KINDS; kind++) {
        uint32_t count = 0, line = 0;
        for (uint32_t i = 0; wanted[kind] && i < quiz->questions.count; i++) {
            if (!has(&quiz->questions.at[i], kind))
                continue;
            line = count++ ? line : quiz->questions.at[i].line;
        }
        if (count)
            aj_diag(diags, AJ_WARNING, (AjPos){path, line, 0}, "quiz-export-lost", hint,
                    AJ_TR("%s 存不下：%s，共 %u 题", "%s cannot hold: %s, %u questions"),
                    lost->format, names[kind], count);
    }
    if (lost->no_settings && (quiz->pass || quiz->pick || quiz->attempts || quiz->time_s ||
                              quiz->shuffle_questions || quiz->shuffle_options))
        aj_diag(diags, AJ_WARNING, (AjPos){path, 0, 0}, "quiz-export-lost", hint,
                AJ_TR("%s 存不下测验的设置：及格线、抽题、次数、限时、打乱",
                      "%s cannot hold the settings: pass mark, draw, attempts, time, shuffling"),
                lost->format);
}
