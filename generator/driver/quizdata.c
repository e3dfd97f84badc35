/* quizdata - what a page carries of one question, for practice and for an exam.
 *
 * Must not know: templates, where a page's links lead. */
#include "driver/quizdata.h"

#include "base/hash.h"
#include "base/json.h"
#include "model/page.h"
#include "model/quizdraw.h"
#include "model/quizseal.h"

#include <glib.h>
#include <string.h>

enum { PATH_STEPS = 20000 }; /* more paths than a person writes */

static bool is_drawn(const char *key)
{
    return g_str_has_suffix(key, "_html") || strcmp(key, "html") == 0 || strcmp(key, "line") == 0;
}

AjValue *aj_quizdata_plain(AjArena *a, const AjValue *v)
{
    AjValue *out;
    if (v->type == AJ_VALUE_MAP) {
        out = aj_value_map(a);
        for (uint32_t i = 0; i < v->len; i++)
            if (!is_drawn(v->entries[i].key))
                aj_value_set(a, out, v->entries[i].key, aj_quizdata_plain(a, v->entries[i].value));
    } else if (v->type == AJ_VALUE_LIST) {
        out = aj_value_list(a);
        for (uint32_t i = 0; i < v->len; i++)
            aj_value_push(a, out, aj_quizdata_plain(a, v->items[i]));
    } else {
        out = (AjValue *)v;
    }
    return out;
}

static const char *key_of(AjArena *a, uint32_t n)
{
    return n < 26 ? aj_arena_printf(a, "%c", 'A' + (int)n)
                  : aj_arena_printf(a, "%c%c", 'A' + (int)(n / 26 - 1), 'A' + (int)(n % 26));
}

static AjValue *slot_of(AjArena *a, const char *text)
{
    AjValue *slot = aj_value_list(a);
    aj_value_push(a, slot, aj_value_string(a, text));
    return slot;
}

/* The choices in their neutral order; keys_out[i] is the key of text i. */
static AjValue *shown_of(AjArena *a, const char *id, const char *const *texts,
                         const char *const *htmls, uint32_t count, const char **keys_out)
{
    AjValue *shown = aj_value_list(a);
    uint32_t *order = aj_arena_alloc(a, (count + 1) * sizeof *order);
    aj_quizdraw_neutral(id, texts, count, order);
    for (uint32_t k = 0; k < count; k++) {
        AjValue *one = aj_value_map(a);
        keys_out[order[k]] = key_of(a, k);
        aj_value_set_string(a, one, "key", keys_out[order[k]]);
        aj_value_set_string(a, one, "text", texts[order[k]]);
        aj_value_set_string(a, one, "html", htmls[order[k]]);
        aj_value_push(a, shown, one);
    }
    return shown;
}

static void add_order(AjArena *a, AjValue *q, AjValue *right)
{
    const AjValue *items = aj_value_get(q, "items");
    uint32_t n = aj_value_len(items);
    const char **texts = aj_arena_alloc(a, (n + 1) * sizeof *texts);
    const char **htmls = aj_arena_alloc(a, (n + 1) * sizeof *htmls);
    const char **keys = aj_arena_alloc(a, (n + 1) * sizeof *keys);
    for (uint32_t i = 0; i < n; i++) {
        texts[i] = aj_value_get_string(aj_value_at(items, i), "text", "");
        htmls[i] = aj_value_get_string(aj_value_at(items, i), "html", "");
    }
    aj_value_set(a, q, "shown",
                 shown_of(a, aj_value_get_string(q, "id", ""), texts, htmls, n, keys));
    for (uint32_t i = 0; i < n; i++)
        aj_value_push(a, right, slot_of(a, keys[i]));
}

static uint32_t place_of(const char **texts, uint32_t *count, const char *text)
{
    for (uint32_t i = 0; i < *count; i++)
        if (strcmp(texts[i], text) == 0)
            return i;
    texts[*count] = text;
    return (*count)++;
}

static void add_match(AjArena *a, AjValue *q, AjValue *right)
{
    const AjValue *pairs = aj_value_get(q, "pairs"), *rest = aj_value_get(q, "distractors");
    uint32_t n = aj_value_len(pairs) + aj_value_len(rest), count = 0;
    const char **texts = aj_arena_alloc(a, (n + 1) * sizeof *texts);
    const char **keys = aj_arena_alloc(a, (n + 1) * sizeof *keys);
    AjValue *lefts = aj_value_list(a);
    for (uint32_t i = 0; i < aj_value_len(pairs); i++) {
        const AjValue *pair = aj_value_at(pairs, i);
        AjValue *left = aj_value_map(a);
        place_of(texts, &count, aj_value_get_string(pair, "right", ""));
        aj_value_set_string(a, left, "text", aj_value_get_string(pair, "left", ""));
        aj_value_set_string(a, left, "html", aj_value_get_string(pair, "left_html", ""));
        aj_value_push(a, lefts, left);
    }
    for (uint32_t i = 0; i < aj_value_len(rest); i++)
        place_of(texts, &count, aj_value_at(rest, i)->s);
    aj_value_set(a, q, "lefts", lefts);
    aj_value_set(a, q, "shown",
                 shown_of(a, aj_value_get_string(q, "id", ""), texts, texts, count, keys));
    for (uint32_t i = 0; i < aj_value_len(pairs); i++) {
        uint32_t at =
            place_of(texts, &count, aj_value_get_string(aj_value_at(pairs, i), "right", ""));
        aj_value_push(a, right, slot_of(a, keys[at]));
    }
}

static uint32_t node_number(const AjValue *nodes, const char *name)
{
    for (uint32_t i = 0; i < aj_value_len(nodes); i++)
        if (strcmp(aj_value_get_string(aj_value_at(nodes, i), "name", ""), name) == 0)
            return i;
    return 0;
}

/* The most points on a way to an ending that enters no node twice. */
static bool best_path(const AjValue *nodes, uint32_t at, bool *seen, double sum, unsigned *steps,
                      double *best)
{
    const AjValue *choices = aj_value_get(aj_value_at(nodes, at), "choices");
    if (++*steps > PATH_STEPS)
        return false;
    if (!aj_value_len(choices)) {
        *best = MAX(*best, sum);
        return true;
    }
    seen[at] = true;
    for (uint32_t i = 0; i < aj_value_len(choices); i++) {
        const AjValue *c = aj_value_at(choices, i);
        uint32_t to = (uint32_t)aj_value_get_int(c, "node", 0);
        if (!seen[to] &&
            !best_path(nodes, to, seen, sum + aj_value_get_double(c, "points", 0), steps, best))
            break;
    }
    seen[at] = false;
    return true;
}

static void set_number(AjArena *a, AjValue *map, const char *key, double n)
{
    aj_value_set(a, map, key,
                 n == (double)(int64_t)n ? aj_value_int(a, (int64_t)n) : aj_value_double(a, n));
}

static void add_scenario(AjArena *a, AjValue *q)
{
    const AjValue *nodes = aj_value_get(q, "nodes");
    uint32_t n = aj_value_len(nodes);
    for (uint32_t i = 0; i < n; i++) {
        const AjValue *choices = aj_value_get(aj_value_at(nodes, i), "choices");
        aj_value_set_int(a, (AjValue *)aj_value_at(nodes, i), "number", i);
        for (uint32_t k = 0; k < aj_value_len(choices); k++) {
            AjValue *c = (AjValue *)aj_value_at(choices, k);
            aj_value_set_int(a, c, "node", node_number(nodes, aj_value_get_string(c, "to", "")));
        }
    }
    bool *seen = aj_arena_alloc(a, n + 1);
    unsigned steps = 0;
    double best = 0;
    if (n)
        best_path(nodes, 0, seen, 0, &steps, &best);
    set_number(a, q, "best", best);
}

static void add_right(AjArena *a, AjValue *q, const char *type)
{
    AjValue *right = aj_value_list(a);
    const AjValue *options = aj_value_get(q, "options"), *answers = aj_value_get(q, "answers");
    for (uint32_t i = 0; i < aj_value_len(options); i++)
        if (aj_value_get_bool(aj_value_at(options, i), "correct", false))
            aj_value_push(a, right,
                          slot_of(a, aj_value_get_string(aj_value_at(options, i), "key", "")));
    for (uint32_t i = 0; i < aj_value_len(answers); i++)
        aj_value_push(a, right, (AjValue *)aj_value_at(answers, i));
    if (strcmp(type, "truefalse") == 0)
        aj_value_push(a, right,
                      slot_of(a, aj_value_get_bool(q, "answer", false) ? "true" : "false"));
    else if (strcmp(type, "order") == 0)
        add_order(a, q, right);
    else if (strcmp(type, "match") == 0)
        add_match(a, q, right);
    else if (strcmp(type, "scenario") == 0)
        add_scenario(a, q);
    if (right->len)
        aj_value_set(a, q, "right", right);
}

/* ------------------------------------------------------------------ an exam */

static int compare_slots(const void *x, const void *y)
{
    const AjValue *const *a = x, *const *b = y;
    return strcmp(aj_value_at(*a, 0)->s, aj_value_at(*b, 0)->s);
}

/* Numbers with tolerance cannot be hashed; they are sealed. */
static AjValue *hashes_of(AjArena *a, const AjValue *right, const char *salt, bool places)
{
    AjValue *out = aj_value_list(a);
    for (uint32_t i = 0; i < aj_value_len(right); i++) {
        const AjValue *slot = aj_value_at(right, i);
        AjValue *hashes = aj_value_list(a);
        for (uint32_t k = 0; k < aj_value_len(slot); k++) {
            char hash[17];
            if (aj_value_at(slot, k)->type != AJ_VALUE_STRING)
                continue;
            aj_quizseal_hash(salt, places ? (int)i : -1, aj_value_at(slot, k)->s, hash);
            aj_value_push(a, hashes, aj_value_string(a, hash));
        }
        aj_value_push(a, out, hashes);
    }
    if (!places && out->len > 1) /* the order would tell which is which */
        qsort(out->items, out->len, sizeof *out->items, compare_slots);
    return out;
}

static const char *html_at(AjArena *a, const AjValue *map, const char *key,
                           const AjQuizdataHow *how)
{
    const char *html = aj_value_get_string(map, key, NULL);
    return html && how->resolve ? how->resolve(a, html, how->data) : html;
}

/* What is told only after the hand-in. */
static AjValue *rest_of(AjArena *a, const AjValue *q, const AjQuizdataHow *how)
{
    AjValue *rest = aj_value_map(a), *feedback = aj_value_map(a), *rubric = aj_value_list(a),
            *points = aj_value_list(a);
    const AjValue *options = aj_value_get(q, "options"), *own = aj_value_get(q, "rubric"),
                  *nodes = aj_value_get(q, "nodes"), *right = aj_value_get(q, "right");
    for (uint32_t i = 0; i < aj_value_len(options); i++) {
        const AjValue *o = aj_value_at(options, i);
        aj_value_set_string(a, feedback, aj_value_get_string(o, "key", ""),
                            html_at(a, o, "feedback_html", how));
    }
    for (uint32_t i = 0; i < aj_value_len(own); i++) {
        AjValue *r = aj_value_map(a);
        aj_value_set_string(a, r, "text", aj_value_get_string(aj_value_at(own, i), "text", ""));
        aj_value_set(a, r, "points", (AjValue *)aj_value_get(aj_value_at(own, i), "points"));
        aj_value_push(a, rubric, r);
    }
    for (uint32_t i = 0; i < aj_value_len(nodes); i++) {
        const AjValue *choices = aj_value_get(aj_value_at(nodes, i), "choices");
        AjValue *list = aj_value_list(a);
        for (uint32_t k = 0; k < aj_value_len(choices); k++)
            aj_value_push(a, list, (AjValue *)aj_value_get(aj_value_at(choices, k), "points"));
        aj_value_push(a, points, list);
    }
    if (right)
        aj_value_set(a, rest, "right", (AjValue *)right);
    if (feedback->len)
        aj_value_set(a, rest, "feedback", feedback);
    aj_value_set_string(a, rest, "explanation", html_at(a, q, "explanation_html", how));
    aj_value_set_string(a, rest, "reference", html_at(a, q, "reference_html", how));
    if (own)
        aj_value_set(a, rest, "rubric", rubric);
    if (nodes) {
        aj_value_set(a, rest, "points", points);
        aj_value_set(a, rest, "best", (AjValue *)aj_value_get(q, "best"));
    }
    return rest;
}

static bool tells(const char *key)
{
    static const char *const names[] = {
        "correct",        "feedback",         "feedback_html", "answer",      "answers",   "items",
        "pairs",          "distractors",      "right",         "explanation", "reference", "rubric",
        "reference_html", "explanation_html", "best",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        if (strcmp(names[i], key) == 0)
            return true;
    return false;
}

static AjValue *without_answers(AjArena *a, const AjValue *v, bool inside_nodes)
{
    AjValue *out;
    if (v->type == AJ_VALUE_MAP) {
        out = aj_value_map(a);
        for (uint32_t i = 0; i < v->len; i++) {
            const char *key = v->entries[i].key;
            bool nodes = inside_nodes || strcmp(key, "nodes") == 0;
            if (!tells(key) && !(inside_nodes && strcmp(key, "points") == 0))
                aj_value_set(a, out, key, without_answers(a, v->entries[i].value, nodes));
        }
    } else if (v->type == AJ_VALUE_LIST) {
        out = aj_value_list(a);
        for (uint32_t i = 0; i < v->len; i++)
            aj_value_push(a, out, without_answers(a, v->items[i], inside_nodes));
    } else {
        out = (AjValue *)v;
    }
    return out;
}

static AjValue *sealed(AjArena *a, const AjValue *q, const char *type, const AjQuizdataHow *how)
{
    g_autoptr(GString) text = g_string_new(NULL);
    char salt[65];
    const AjValue *right = aj_value_get(q, "right");
    aj_json_print(aj_quizdata_plain(a, q), 0, text);
    aj_hash_sha256_hex(text->str, text->len, salt);
    salt[16] = '\0';
    AjValue *out = without_answers(a, q, false);
    bool places =
        strcmp(type, "fill") == 0 || strcmp(type, "order") == 0 || strcmp(type, "match") == 0;
    aj_value_set_string(a, out, "salt", salt);
    if (right)
        aj_value_set(a, out, "hashes", hashes_of(a, right, salt, places));
    g_string_truncate(text, 0);
    aj_json_print(rest_of(a, q, how), 0, text);
    g_autofree char *hidden = aj_quizseal_seal(salt, text->str, text->len);
    aj_value_set_string(a, out, "sealed", hidden);
    return out;
}

/* ------------------------------------------------------------------ what the player reads */

/* The choices of a scenario: where they lead and what they are worth. */
static AjValue *ways_of(AjArena *a, const AjValue *nodes)
{
    AjValue *out = aj_value_list(a);
    for (uint32_t i = 0; i < aj_value_len(nodes); i++) {
        const AjValue *choices = aj_value_get(aj_value_at(nodes, i), "choices");
        AjValue *node = aj_value_map(a), *list = aj_value_list(a);
        for (uint32_t k = 0; k < aj_value_len(choices); k++) {
            const AjValue *c = aj_value_at(choices, k), *points = aj_value_get(c, "points");
            AjValue *way = aj_value_map(a);
            aj_value_set_int(a, way, "node", aj_value_get_int(c, "node", 0));
            if (points)
                aj_value_set(a, way, "points", (AjValue *)points);
            aj_value_push(a, list, way);
        }
        aj_value_set(a, node, "choices", list);
        aj_value_push(a, out, node);
    }
    return out;
}

/* Only what the HTML of the question does not say: an old machine reads every text once. */
static AjValue *page_data(AjArena *a, const AjValue *q)
{
    static const char *const kept[] = {"id",   "points", "pool", "partial", "red_line", "right",
                                       "best", "rubric", "salt", "hashes",  "sealed"};
    AjValue *out = aj_value_map(a);
    for (size_t i = 0; i < G_N_ELEMENTS(kept); i++) {
        const AjValue *v = aj_value_get(q, kept[i]);
        bool usual = strcmp(kept[i], "points") == 0 ? aj_value_get_double(q, kept[i], 1) == 1
                                                    : strcmp(kept[i], "red_line") == 0 &&
                                                          !aj_value_get_bool(q, kept[i], false);
        if (v && !usual)
            aj_value_set(a, out, kept[i], aj_quizdata_plain(a, v));
    }
    if (aj_value_get(q, "nodes"))
        aj_value_set(a, out, "nodes", ways_of(a, aj_value_get(q, "nodes")));
    return out;
}

/* Puts the options' feedback where it will be read: by key, or beside the option where a link or a
 * picture has to be seen to. */
static AjValue *part_feedback(AjArena *a, AjValue *q)
{
    AjValue *said = aj_value_map(a);
    const AjValue *options = aj_value_get(q, "options");
    for (uint32_t i = 0; i < aj_value_len(options); i++) {
        AjValue *o = (AjValue *)aj_value_at(options, i);
        const char *html = aj_value_get_string(o, "feedback_html", "");
        if (strchr(html, AJ_MARK))
            aj_value_set_string(a, o, "feedback_here", html);
        else if (*html)
            aj_value_set_string(a, said, aj_value_get_string(o, "key", ""), html);
    }
    return said;
}

static void set_json(AjArena *a, AjValue *q, const char *key, const AjValue *data)
{
    g_autoptr(GString) json = g_string_new(NULL);
    aj_json_print(data, 0, json);
    aj_value_set_string(a, q, key, json->str);
}

const char *aj_quizdata_hash(AjArena *a, const AjValue *quiz)
{
    const AjValue *questions = aj_value_get(quiz, "questions");
    char hex[65];
    if (!questions)
        return "";
    g_autoptr(GString) text = g_string_new(NULL);
    aj_json_print(aj_quizdata_plain(a, questions), 0, text);
    aj_hash_sha256_hex(text->str, text->len, hex);
    return aj_arena_strdup(a, hex);
}

AjValue *aj_quizdata_question(AjArena *a, const AjValue *question, const AjQuizdataHow *how)
{
    const char *type = aj_value_get_string(question, "type", "");
    AjValue *map = aj_value_map(a), *q = aj_value_copy(a, question);
    const AjValue *answers = aj_value_get(q, "answers");
    AjValue *blanks = aj_value_list(a);
    for (uint32_t i = 0; i < aj_value_len(answers); i++)
        aj_value_push(a, blanks, aj_value_int(a, i + 1));
    add_right(a, q, type);
    if (how->exam)
        q = sealed(a, q, type, how);
    AjValue *data = page_data(a, q);
    set_json(a, q, "json", data);
    if (!how->exam) {
        AjValue *said = part_feedback(a, q);
        if (said->len)
            aj_value_set(a, data, "feedback", said);
        set_json(a, q, "data", data);
    }
    if (blanks->len)
        aj_value_set(a, q, "blank_list", blanks);
    aj_value_set(a, map, "q", q);
    aj_value_set_bool(a, map, aj_arena_printf(a, "is_%s", type), true);
    if (how->exam)
        aj_value_set_bool(a, map, "is_exam", true);
    return map;
}
