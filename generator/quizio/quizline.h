/* quizline - what a piece of one line of a pasted question bank says.
 *
 * Numbers, option letters, labels, headings of sections, a list of answers: each looks at [p, end)
 * and gives the text behind what it found, NULL when it is not there. Wide forms count as narrow
 * ones. Must not know: which question is open, files. */
#pragma once
#include "model/quiz.h"

#include <glib.h>

typedef enum {
    AJ_NUMBER_MARK,    /* 3、 3. 3． 3) */
    AJ_NUMBER_BRACKET, /* （3） 【3】 */
    AJ_NUMBER_WORD,    /* 第3题 题3： */
    AJ_NUMBER_BARE     /* "3 甲", "3甲": only where 3 is due, and only with other evidence */
} AjNumberForm;
/* "3.5 米" is no number 3, unless 3 is due. */
const char *aj_quizline_number(const char *p, const char *end, uint32_t due, uint32_t *number_out,
                               AjNumberForm *form_out);

typedef enum {
    AJ_LETTER_MARK,    /* A、 A. A: 选项A： */
    AJ_LETTER_BRACKET, /* （A） [A] */
    AJ_LETTER_BLANK,   /* "A 甲" */
    AJ_LETTER_BARE     /* "A甲" */
} AjLetterForm;
/* letter_out: 0 = A. */
const char *aj_quizline_letter(const char *p, const char *end, unsigned *letter_out,
                               AjLetterForm *form_out);

typedef enum {
    AJ_LABEL_STEM,
    AJ_LABEL_TYPE,
    AJ_LABEL_ANSWER,
    AJ_LABEL_EXPLANATION,
    AJ_LABEL_SOURCE, /* of an explanation: 出处, 依据 */
    AJ_LABEL_DIFFICULTY,
    AJ_LABEL_TAGS,
    AJ_LABEL_POINTS,
    AJ_LABEL_ID
} AjLabel;
/* "答案：", "【答案】", "[解析]:", "参考答案" alone on its line, "答案 B". */
const char *aj_quizline_label(const char *p, const char *end, AjLabel *label_out);
/* A label in mid-line, behind a blank or a full stop or in brackets: where it begins. */
const char *aj_quizline_label_inside(const char *p, const char *end);

typedef struct {
    AjQuestionType type;
    bool typed;    /* 选择题 alone does not say which */
    double points; /* of each question; 0: not said */
} AjQuizsection;
/* "一、单项选择题（每题2分，共20分）", "判断题：", "（二）多选题", "第一部分 选择题". */
bool aj_quizline_section(const char *p, const char *end, AjQuizsection *out);
/* "第 3 页 共 9 页", "- 3 -": of the printed page, not of a question. */
bool aj_quizline_is_noise(const char *p, const char *end);

/* The number before 分 at `p`, 0 when there is none. behind_out (may be NULL): "" when nothing is
 * behind, "/" for 2分/题, else "+". */
double aj_quizline_points(const char *p, const char *end, const char **behind_out);

typedef struct {
    uint32_t number;
    const char *text;
} AjKeyItem;
/* "1-5 ABCDA 6.√ 7、BD": pairs of number and answer; false when anything else is there. */
bool aj_quizline_key(AjArena *a, const char *p, const char *end, GArray *items);
/* The head of a table of answers, "题号 1 2 3": its numbers; then "答案 A B C" fills the texts. */
bool aj_quizline_key_head(const char *p, const char *end, GArray *items);
bool aj_quizline_key_row(AjArena *a, const char *p, const char *end, GArray *items);
