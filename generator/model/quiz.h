/* quiz - questions, pools and settings of one quiz, as data.
 *
 * What the reader of 题目 Markdown and every import give, and every export takes. All of it lives
 * in one arena; texts are plain, blanks stand as （　）, a line break parts two paragraphs. `line`
 * is where a thing stood in its source, 0 when unknown. The names of types are those of the JSON
 * form (model/quizvalue). Must not know: Markdown, HTML, any format, the page a quiz stands on. */
#pragma once
#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

typedef enum {
    AJ_QUESTION_SINGLE,
    AJ_QUESTION_MULTIPLE,
    AJ_QUESTION_TRUEFALSE,
    AJ_QUESTION_FILL,
    AJ_QUESTION_ORDER,
    AJ_QUESTION_MATCH,
    AJ_QUESTION_SCENARIO,
    AJ_QUESTION_SHORT,
    AJ_QUESTION_TYPES
} AjQuestionType;

/* A list in an arena: zeroed is empty, aj_quiz_push makes room for one more. */
#define AJ_QUIZ_LIST(T)                                                                            \
    struct {                                                                                       \
        T *at;                                                                                     \
        uint32_t count, cap;                                                                       \
    }
typedef AJ_QUIZ_LIST(const char *) AjStrings;
typedef struct {
    const char *text;
    const char *feedback; /* NULL: none */
    bool correct;
    uint32_t line;
} AjOption;
typedef struct {
    const char *text; /* NULL: a number */
    double value, tolerance;
} AjAnswer;
typedef AJ_QUIZ_LIST(AjAnswer) AjBlank; /* what one blank takes, the first the one to show */
typedef struct {
    const char *left, *right;
    uint32_t line;
} AjPair;
typedef struct {
    const char *text;
    const char *to; /* name of a node */
    double points;
    uint32_t line;
} AjChoice;
typedef struct {
    const char *name, *text;
    AJ_QUIZ_LIST(AjChoice) choices; /* none: an ending */
    uint32_t line;
} AjNode;
typedef struct {
    const char *text;
    double points;
    uint32_t line;
} AjRubric;

typedef struct {
    AjQuestionType type;
    uint32_t line;
    const char *id; /* never NULL once aj_quiz_settle has run */
    bool own_id;    /* given, not made from the stem */
    const char *stem;
    double points;
    const char *difficulty, *pool, *explanation; /* NULL: not given */
    AjStrings tags;
    bool red_line;
    bool half;                      /* multiple: part of the right options gives half */
    AJ_QUIZ_LIST(AjOption) options; /* single, multiple */
    bool truth;                     /* truefalse */
    bool untold;                    /* truefalse: no answer was found, which has been told */
    AJ_QUIZ_LIST(AjBlank) blanks;   /* fill */
    AjStrings items;                /* order: in the right order */
    AJ_QUIZ_LIST(AjPair) pairs;     /* match */
    AjStrings distractors;          /* match: right sides without a left one */
    const char *start;              /* scenario: name of a node */
    AJ_QUIZ_LIST(AjNode) nodes;     /* scenario */
    const char *reference;          /* short; NULL: none */
    AJ_QUIZ_LIST(AjRubric) rubric;  /* short */
} AjQuestion;

typedef struct {
    const char *name;
    int64_t size, pick; /* pick 0: all */
    uint32_t line;
} AjPool;

typedef struct {
    const char *title;                    /* NULL: not given */
    int64_t pass, pick, attempts, time_s; /* 0: not given; pass is percent of the total */
    bool shuffle_questions, shuffle_options;
    AJ_QUIZ_LIST(AjPool) pools;
    AJ_QUIZ_LIST(AjQuestion) questions;
} AjQuiz;

/* A zeroed place at the end of a list; earlier places may move. */
#define aj_quiz_push(arena, list)                                                                  \
    ((__typeof__((list)->at))aj_quiz_grow(arena, (void **)&(list)->at, &(list)->count,             \
                                          &(list)->cap, sizeof *(list)->at))
void *aj_quiz_grow(AjArena *a, void **at, uint32_t *count, uint32_t *cap, size_t size);
void aj_quiz_push_string(AjArena *a, AjStrings *list, const char *text); /* copies */
/* A question with 1 point, type single and line `line`, the rest empty. */
AjQuestion *aj_quiz_question(AjArena *a, AjQuiz *quiz, uint32_t line);
/* Pool by name; a new one, without draw, when there is none. */
AjPool *aj_quiz_pool(AjArena *a, AjQuiz *quiz, const char *name);

const char *aj_question_type_name(AjQuestionType type);  /* "single" */
const char *aj_question_type_title(AjQuestionType type); /* "单选" */
/* By either name, "单选题", "单项选择题", "判断", "multiple choice"…; blanks around do not count.
 */
bool aj_question_type_find(const char *name, AjQuestionType *type_out);
/* Right or wrong, as people write it: 对 正确 √ 是 T …; false when it is neither. */
bool aj_quiz_truth(const char *text, bool *truth_out);
/* NFKC, blanks at the ends off, others to one: how two texts are compared. Caller frees. */
char *aj_quiz_fold(const char *text);
/* Behind the blank that opens at `s`: （　） with any blank or none inside, ( ) with at least one,
 * as the quiz filter counts. NULL: none opens there. */
const char *aj_quiz_blank_end(const char *s);
/* How many blanks a stem has. */
uint32_t aj_quiz_blanks(const char *stem);
/* "10±0.5" in any width, also 10+-0.5. */
bool aj_quiz_tolerance(const char *text, double *value_out, double *tolerance_out);
/* What a blank takes, one spelling: a number only with ±, else a string (copied). */
void aj_quiz_push_answer(AjArena *a, AjBlank *blank, const char *text);
/* A number as people write it: "2", "1.5", "0.1". */
char *aj_quiz_number(AjArena *a, double n);
/* "h-" and 12 hex digits of the folded stem's SHA-256: the id of a question without one. */
const char *aj_quiz_stem_id(AjArena *a, const char *stem);
/* Makes the ids that were not given, a pool for every name a question says, and the pools' sizes.
 */
void aj_quiz_settle(AjArena *a, AjQuiz *quiz);
