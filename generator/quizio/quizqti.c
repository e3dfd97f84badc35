/* quizqti - questions as IMS QTI 2.1 items, in one file.
 *
 * Must not know: Markdown, files. */
#include "quizio/quizqti.h"

#include "base/text.h"
#include "model/quizdraw.h"
#include "quizio/quizlost.h"

#include <string.h>

static void put(GString *out, const char *s)
{
    for (const char *p = s ? s : ""; *p;) {
        const char *next = g_utf8_next_char(p);
        if ((unsigned char)*p >= ' ' || *p == '\n' || *p == '\t')
            aj_escape_attr(out, p, (size_t)(next - p));
        p = next;
    }
}

/* An NCName: identifiers may begin with no digit and hold no blank. */
static void put_id(GString *out, const char *id)
{
    if (!g_ascii_isalpha(*id) && (unsigned char)*id < 0x80)
        g_string_append(out, "q-");
    for (const char *p = id; *p; p++)
        g_string_append_c(
            out, g_ascii_isalnum(*p) || (unsigned char)*p >= 0x80 || strchr("-._", *p) ? *p : '-');
}

static void put_paragraphs(GString *out, const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **l = lines; *l; l++) {
        g_string_append(out, "      <p>");
        put(out, *l);
        g_string_append(out, "</p>\n");
    }
}

static void begin_response(GString *out, const char *id, const char *cardinality, const char *type)
{
    g_string_append_printf(out,
                           "    <responseDeclaration identifier=\"%s\" cardinality=\"%s\" "
                           "baseType=\"%s\">\n      <correctResponse>\n",
                           id, cardinality, type);
}

static void end_response(GString *out)
{
    g_string_append(out, "      </correctResponse>\n    </responseDeclaration>\n");
}

static void declare_choice(GString *out, const AjQuestion *q)
{
    bool single = q->type == AJ_QUESTION_SINGLE;
    begin_response(out, "RESPONSE", single ? "single" : "multiple", "identifier");
    for (uint32_t i = 0; i < q->options.count; i++)
        if (q->options.at[i].correct)
            g_string_append_printf(out, "        <value>O%u</value>\n", i + 1);
    end_response(out);
}

/* The place of a right side among those offered, each text once. */
static uint32_t right_number(const AjStrings *rights, const char *text)
{
    uint32_t n = 0;
    while (n + 1 < rights->count && strcmp(rights->at[n], text) != 0)
        n++;
    return n + 1;
}

/* A pair is worth its share, as the player grades. */
static void declare_match(GString *out, AjArena *a, const AjQuestion *q)
{
    AjStrings rights = {0};
    g_autoptr(GString) map = g_string_new(NULL);
    aj_quizdraw_rights(a, q, &rights);
    begin_response(out, "RESPONSE", "multiple", "directedPair");
    for (uint32_t i = 0; i < q->pairs.count; i++) {
        uint32_t right = right_number(&rights, q->pairs.at[i].right);
        g_string_append_printf(out, "        <value>L%u R%u</value>\n", i + 1, right);
        g_string_append_printf(map, "        <mapEntry mapKey=\"L%u R%u\" mappedValue=\"%s\"/>\n",
                               i + 1, right, aj_quiz_number(a, q->points / q->pairs.count));
    }
    g_string_append_printf(out,
                           "      </correctResponse>\n      <mapping defaultValue=\"0\">\n%s"
                           "      </mapping>\n    </responseDeclaration>\n",
                           map->str);
}

static void declare_fill(GString *out, AjArena *a, const AjQuestion *q)
{
    for (uint32_t i = 0; i < q->blanks.count; i++) {
        const AjBlank *blank = &q->blanks.at[i];
        char id[24];
        g_snprintf(id, sizeof id, "RESPONSE%u", i + 1);
        begin_response(out, id, "single", "string");
        g_autoptr(GString) map = g_string_new(NULL);
        for (uint32_t k = 0; k < blank->count; k++) {
            const AjAnswer *answer = &blank->at[k];
            const char *said = answer->text ? answer->text : aj_quiz_number(a, answer->value);
            if (!k) {
                g_string_append(out, "        <value>");
                put(out, said);
                g_string_append(out, "</value>\n");
            }
            g_string_append(map, "        <mapEntry mapKey=\"");
            put(map, said);
            g_string_append_printf(map, "\" mappedValue=\"%s\"/>\n",
                                   aj_quiz_number(a, q->points / q->blanks.count));
        }
        g_string_append_printf(out,
                               "      </correctResponse>\n      <mapping defaultValue=\"0\">\n%s"
                               "      </mapping>\n    </responseDeclaration>\n",
                               map->str);
    }
}

static void declare(GString *out, AjArena *a, const AjQuestion *q)
{
    switch (q->type) {
    case AJ_QUESTION_SINGLE:
    case AJ_QUESTION_MULTIPLE:
        declare_choice(out, q);
        break;
    case AJ_QUESTION_TRUEFALSE:
        begin_response(out, "RESPONSE", "single", "identifier");
        g_string_append_printf(out, "        <value>%s</value>\n", q->truth ? "TRUE" : "FALSE");
        end_response(out);
        break;
    case AJ_QUESTION_FILL:
        declare_fill(out, a, q);
        break;
    case AJ_QUESTION_ORDER:
        begin_response(out, "RESPONSE", "ordered", "identifier");
        for (uint32_t i = 0; i < q->items.count; i++)
            g_string_append_printf(out, "        <value>O%u</value>\n", i + 1);
        end_response(out);
        break;
    case AJ_QUESTION_MATCH:
        declare_match(out, a, q);
        break;
    default:
        g_string_append(out,
                        "    <responseDeclaration identifier=\"RESPONSE\" cardinality=\"single\" "
                        "baseType=\"string\"/>\n");
        break;
    }
}

static void put_choice(GString *out, const char *id, const char *text, const char *feedback)
{
    g_string_append_printf(out, "        <simpleChoice identifier=\"%s\">", id);
    put(out, text);
    if (feedback) {
        g_string_append_printf(out,
                               "<feedbackInline outcomeIdentifier=\"FEEDBACK\" identifier=\"%s\" "
                               "showHide=\"show\">",
                               id);
        put(out, feedback);
        g_string_append(out, "</feedbackInline>");
    }
    g_string_append(out, "</simpleChoice>\n");
}

static void put_gaps(GString *out, const AjQuestion *q)
{
    uint32_t blank = 0;
    g_string_append(out, "      <p>");
    for (const char *p = q->stem; *p;) {
        const char *close = g_str_has_prefix(p, "（") ? strstr(p, "）")
                            : *p == '('               ? strchr(p, ')')
                                                      : NULL;
        size_t len = close ? (size_t)(close - p) + (*p == '(' ? 1 : strlen("）")) : 0;
        g_autofree char *piece = close && len < 64 ? g_strndup(p, len) : NULL;
        if (piece && blank < q->blanks.count && aj_quiz_blanks(piece) == 1) {
            g_string_append_printf(out, "<textEntryInteraction responseIdentifier=\"RESPONSE%u\"/>",
                                   ++blank);
            p += len;
            continue;
        }
        const char *next = g_utf8_next_char(p);
        g_autofree char *one = g_strndup(p, (gsize)(next - p));
        if (*one == '\n')
            g_string_append(out, "</p>\n      <p>");
        else
            put(out, one);
        p = next;
    }
    g_string_append(out, "</p>\n");
}

/* A right side may belong to several left ones. */
static void put_associable(GString *out, char side, uint32_t n, const char *text)
{
    g_string_append_printf(out,
                           "          <simpleAssociableChoice identifier=\"%c%u\" matchMax=\"%d\">",
                           side, n, side == 'L');
    put(out, text);
    g_string_append(out, "</simpleAssociableChoice>\n");
}

static void put_match(GString *out, AjArena *a, const AjQuestion *q)
{
    AjStrings rights = {0};
    aj_quizdraw_rights(a, q, &rights);
    g_string_append_printf(
        out,
        "      <matchInteraction responseIdentifier=\"RESPONSE\" shuffle=\"true\" "
        "maxAssociations=\"%u\">\n        <simpleMatchSet>\n",
        q->pairs.count);
    for (uint32_t i = 0; i < q->pairs.count; i++)
        put_associable(out, 'L', i + 1, q->pairs.at[i].left);
    g_string_append(out, "        </simpleMatchSet>\n        <simpleMatchSet>\n");
    for (uint32_t i = 0; i < rights.count; i++)
        put_associable(out, 'R', i + 1, rights.at[i]);
    g_string_append(out, "        </simpleMatchSet>\n      </matchInteraction>\n");
}

static void put_body(GString *out, AjArena *a, const AjQuestion *q)
{
    char id[16];
    if (q->type == AJ_QUESTION_FILL) {
        put_gaps(out, q);
        return;
    }
    put_paragraphs(out, q->stem);
    switch (q->type) {
    case AJ_QUESTION_SINGLE:
    case AJ_QUESTION_MULTIPLE:
        g_string_append_printf(out,
                               "      <choiceInteraction responseIdentifier=\"RESPONSE\" "
                               "shuffle=\"true\" maxChoices=\"%d\">\n",
                               q->type == AJ_QUESTION_SINGLE ? 1 : 0);
        for (uint32_t i = 0; i < q->options.count; i++) {
            g_snprintf(id, sizeof id, "O%u", i + 1);
            put_choice(out, id, q->options.at[i].text, q->options.at[i].feedback);
        }
        g_string_append(out, "      </choiceInteraction>\n");
        break;
    case AJ_QUESTION_TRUEFALSE:
        g_string_append(out, "      <choiceInteraction responseIdentifier=\"RESPONSE\" "
                             "shuffle=\"false\" maxChoices=\"1\">\n");
        put_choice(out, "TRUE", "对", NULL);
        put_choice(out, "FALSE", "错", NULL);
        g_string_append(out, "      </choiceInteraction>\n");
        break;
    case AJ_QUESTION_ORDER:
        g_string_append(
            out, "      <orderInteraction responseIdentifier=\"RESPONSE\" shuffle=\"true\">\n");
        for (uint32_t i = 0; i < q->items.count; i++) {
            g_snprintf(id, sizeof id, "O%u", i + 1);
            put_choice(out, id, q->items.at[i], NULL);
        }
        g_string_append(out, "      </orderInteraction>\n");
        break;
    case AJ_QUESTION_MATCH:
        put_match(out, a, q);
        break;
    default:
        g_string_append(out, "      <extendedTextInteraction responseIdentifier=\"RESPONSE\"/>\n");
        break;
    }
}

static void put_score(GString *out, AjArena *a, double points)
{
    g_string_append_printf(out,
                           "          <setOutcomeValue identifier=\"SCORE\">\n"
                           "            <baseValue baseType=\"float\">%s</baseValue>\n"
                           "          </setOutcomeValue>\n",
                           aj_quiz_number(a, points));
}

/* 漏选得半: something is chosen, and nothing wrong. */
static void put_half(GString *out, AjArena *a, const AjQuestion *q)
{
    g_string_append(out, "        <responseElseIf>\n          <and>\n"
                         "            <not><isNull><variable identifier=\"RESPONSE\"/></isNull>"
                         "</not>\n");
    for (uint32_t i = 0; i < q->options.count; i++)
        if (!q->options.at[i].correct)
            g_string_append_printf(
                out,
                "            <not><member><baseValue baseType=\"identifier\">O%u</baseValue>"
                "<variable identifier=\"RESPONSE\"/></member></not>\n",
                i + 1);
    g_string_append(out, "          </and>\n");
    put_score(out, a, q->points / 2);
    g_string_append(out, "        </responseElseIf>\n");
}

static bool is_choice(const AjQuestion *q)
{
    return q->type == AJ_QUESTION_SINGLE || q->type == AJ_QUESTION_MULTIPLE;
}

static void put_processing(GString *out, AjArena *a, const AjQuestion *q)
{
    if (q->type == AJ_QUESTION_SHORT)
        return; /* a person grades */
    g_string_append(out, "    <responseProcessing>\n");
    if (q->type == AJ_QUESTION_FILL) {
        g_string_append(out, "      <setOutcomeValue identifier=\"SCORE\">\n        <sum>\n");
        for (uint32_t i = 0; i < q->blanks.count; i++)
            g_string_append_printf(out, "          <mapResponse identifier=\"RESPONSE%u\"/>\n",
                                   i + 1);
        g_string_append(out, "        </sum>\n      </setOutcomeValue>\n");
    } else if (q->type == AJ_QUESTION_MATCH) {
        g_string_append(out, "      <setOutcomeValue identifier=\"SCORE\">\n"
                             "        <mapResponse identifier=\"RESPONSE\"/>\n"
                             "      </setOutcomeValue>\n");
    } else {
        g_string_append(out, "      <responseCondition>\n        <responseIf>\n          <match>\n"
                             "            <variable identifier=\"RESPONSE\"/>\n"
                             "            <correct identifier=\"RESPONSE\"/>\n"
                             "          </match>\n");
        put_score(out, a, q->points);
        g_string_append(out, "        </responseIf>\n");
        if (q->half)
            put_half(out, a, q);
        g_string_append(out, "      </responseCondition>\n");
    }
    if (is_choice(q)) /* what was chosen shows its feedback */
        g_string_append(out, "      <setOutcomeValue identifier=\"FEEDBACK\">\n"
                             "        <variable identifier=\"RESPONSE\"/>\n"
                             "      </setOutcomeValue>\n");
    g_string_append(out, "    </responseProcessing>\n");
}

static void put_item(GString *out, const AjQuestion *q)
{
    AjArena *a = aj_arena_new(512);
    g_string_append(
        out, "  <assessmentItem xmlns=\"http://www.imsglobal.org/xsd/imsqti_v2p1\" identifier=\"");
    put_id(out, q->id);
    g_string_append(out, "\" title=\"");
    const char *stop = strchrnul(q->stem, '\n');
    g_autofree char *title = g_strndup(q->stem, (gsize)(stop - q->stem));
    put(out, title);
    g_string_append(out, "\" adaptive=\"false\" timeDependent=\"false\" xml:lang=\"zh-CN\">\n");
    declare(out, a, q);
    g_string_append_printf(out,
                           "    <outcomeDeclaration identifier=\"SCORE\" cardinality=\"single\" "
                           "baseType=\"float\" normalMaximum=\"%s\">\n"
                           "      <defaultValue><value>0</value></defaultValue>\n"
                           "    </outcomeDeclaration>\n"
                           "    <outcomeDeclaration identifier=\"FEEDBACK\" cardinality=\"%s\" "
                           "baseType=\"identifier\"/>\n"
                           "    <itemBody>\n",
                           aj_quiz_number(a, q->points),
                           q->type == AJ_QUESTION_MULTIPLE ? "multiple" : "single");
    put_body(out, a, q);
    if (q->rubric.count || q->reference) {
        g_string_append(out, "      <rubricBlock view=\"scorer\">\n");
        if (q->reference)
            put_paragraphs(out, q->reference);
        for (uint32_t i = 0; i < q->rubric.count; i++)
            put_paragraphs(out, aj_arena_printf(a, "%s（%s分）", q->rubric.at[i].text,
                                                aj_quiz_number(a, q->rubric.at[i].points)));
        g_string_append(out, "      </rubricBlock>\n");
    }
    g_string_append(out, "    </itemBody>\n");
    put_processing(out, a, q);
    if (q->explanation) {
        g_string_append(out, "    <modalFeedback outcomeIdentifier=\"FEEDBACK\" "
                             "identifier=\"EXPLANATION\" showHide=\"hide\">");
        put(out, q->explanation);
        g_string_append(out, "</modalFeedback>\n");
    }
    g_string_append(out, "  </assessmentItem>\n");
    aj_arena_free(a);
}

void aj_quizqti_print(const AjQuiz *quiz, const char *path, GString *out, AjDiags *diags)
{
    static const AjQuizlost lost = {.format = "QTI 2.1",
                                    .no_scenario = true,
                                    .no_difficulty = true,
                                    .no_red_line = true,
                                    .no_pool = true,
                                    .no_tags = true,
                                    .no_tolerance = true,
                                    .no_settings = true};
    uint32_t items = 0;
    for (uint32_t i = 0; i < quiz->questions.count; i++)
        items += quiz->questions.at[i].type != AJ_QUESTION_SCENARIO;
    g_string_append(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    if (items != 1)
        g_string_append(out, "<items>\n");
    for (uint32_t i = 0; i < quiz->questions.count; i++)
        if (quiz->questions.at[i].type != AJ_QUESTION_SCENARIO)
            put_item(out, &quiz->questions.at[i]);
    if (items != 1)
        g_string_append(out, "</items>\n");
    aj_quizlost_tell(&lost, quiz, path, diags);
}
