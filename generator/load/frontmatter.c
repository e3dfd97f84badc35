/* frontmatter - YAML to values, with our refusals and with errors in plain words.
 *
 * libyaml says what its grammar missed; editors need to hear what they typed. So each error is
 * first looked for in the line itself (tab, full-width colon, no blank after the colon), then in a
 * table. Must not know: which keys mean what. */
#include "load/frontmatter.h"

#include "load/scalar.h"

#include <string.h>
#include <yaml.h>

enum { MAX_DEPTH = 8, MAX_KEYS = 1000, MAX_PROBLEMS = 20 };
static const size_t BLOCK_LIMIT = 64 * 1024, FILE_LIMIT = 1024 * 1024;

typedef struct {
    AjArena *arena;
    const char *text; /* the YAML alone */
    size_t len;
    const char *path;
    uint32_t first_line; /* line of text[0] in the file */
    uint32_t nodes, node_limit;
    uint32_t problems;
    AjDiags *diags;
} Reader;

typedef struct {
    AjValue *node;
    const char *key; /* in a map: the key that waits for its value */
    bool drop;       /* the value belongs to a refused key */
} Frame;

/* Start and length of line `index` (0-based) of the block, line end excluded. */
static const char *line_at(const Reader *r, size_t index, size_t *len_out)
{
    const char *p = r->text, *end = r->text + r->len;
    while (index-- > 0 && p < end) {
        const char *nl = memchr(p, '\n', (size_t)(end - p));
        p = nl ? nl + 1 : end;
    }
    const char *nl = memchr(p, '\n', (size_t)(end - p));
    size_t len = (size_t)((nl ? nl : end) - p);
    if (len > 0 && p[len - 1] == '\r')
        len--;
    *len_out = len;
    return p;
}

static AjPos pos_of_line(const Reader *r, size_t index)
{
    return (AjPos){r->path, r->first_line + (uint32_t)index, 0};
}

/* libyaml counts columns in characters, we in bytes. */
static AjPos pos_of_mark(const Reader *r, const yaml_mark_t *mark)
{
    size_t len = 0;
    const char *s = line_at(r, mark->line, &len);
    size_t at = 0;
    for (size_t left = mark->column; left > 0 && at < len; left--) {
        at++;
        while (at < len && ((unsigned char)s[at] & 0xC0) == 0x80)
            at++;
    }
    return (AjPos){r->path, r->first_line + (uint32_t)mark->line, (uint32_t)at + 1};
}

/* --- errors in plain words ------------------------------------------------------------------- */

static size_t blanks(const char *s, size_t len)
{
    size_t n = 0;
    while (n < len && (s[n] == ' ' || s[n] == '\t'))
        n++;
    return n;
}

/* Offset of the first ASCII colon that separates (blank or line end after it), or SIZE_MAX. */
static size_t separator(const char *s, size_t len, size_t from)
{
    for (size_t i = from; i < len; i++)
        if (s[i] == ':' && (i + 1 == len || s[i + 1] == ' ' || s[i + 1] == '\t'))
            return i;
    return SIZE_MAX;
}

static unsigned separators(const Reader *r, size_t index)
{
    size_t len = 0;
    const char *s = line_at(r, index, &len);
    unsigned count = 0;
    for (size_t at = separator(s, len, 0); at != SIZE_MAX; at = separator(s, len, at + 1))
        count++;
    return count;
}

/* The slips that show in the line itself, whatever the grammar made of them. */
static bool explain_line(const Reader *r, size_t index)
{
    size_t len = 0;
    const char *s = line_at(r, index, &len);
    size_t start = blanks(s, len);
    if (start == len || s[start] == '#')
        return false;
    if (memchr(s, '\t', start)) {
        aj_diag(r->diags, AJ_ERROR, pos_of_line(r, index), "yaml-tab",
                AJ_TR("把行首的制表符（Tab）换成空格", "replace the tab by spaces"),
                AJ_TR("缩进用了制表符", "a tab is used for indentation"));
        return true;
    }
    if (s[0] == '%') {
        aj_diag(r->diags, AJ_ERROR, pos_of_line(r, index), "yaml-directive",
                AJ_TR("删掉这一行，或用引号把值括起来", "remove this line, or quote the value"),
                AJ_TR("行首不能是 %%", "a line may not begin with %%"));
        return true;
    }
    if (separator(s, len, start) == start) {
        aj_diag(r->diags, AJ_ERROR, pos_of_line(r, index), "yaml-key",
                AJ_TR("在冒号前写上键名", "write a key before the colon"),
                AJ_TR("冒号前面没有键名", "no key before the colon"));
        return true;
    }
    while (start + 1 < len && s[start] == '-' && s[start + 1] == ' ')
        start += 1 + blanks(s + start + 1, len - start - 1);
    if (start == len || strchr("\"'#[{|>", s[start]) || separator(s, len, start) != SIZE_MAX)
        return false;
    const char *wide = g_strstr_len(s + start, (gssize)(len - start), "：");
    const char *colon = memchr(s + start, ':', len - start);
    if (wide && (!colon || wide < colon)) {
        g_autofree char *key = g_strndup(s + start, (gsize)(wide - s) - start);
        g_autofree char *hint =
            g_strdup_printf(AJ_TR("改成半角冒号，后面加一个空格：%s: …",
                                  "use an ASCII colon and a blank after it: %s: …"),
                            key);
        aj_diag(r->diags, AJ_ERROR,
                (AjPos){r->path, r->first_line + (uint32_t)index, (uint32_t)(wide - s) + 1},
                "yaml-colon", hint, AJ_TR("“%s”后面是全角冒号", "a full-width colon after “%s”"),
                key);
        return true;
    }
    if (colon && strncmp(colon, "://", 3) != 0) {
        g_autofree char *key = g_strndup(s + start, (gsize)(colon - s) - start);
        g_autofree char *hint = g_strdup_printf(
            AJ_TR("在冒号后面加一个空格：%s: …", "put a blank after the colon: %s: …"), key);
        aj_diag(r->diags, AJ_ERROR,
                (AjPos){r->path, r->first_line + (uint32_t)index, (uint32_t)(colon - s) + 1},
                "yaml-colon", hint, AJ_TR("“%s:”后面缺少空格", "no blank after “%s:”"), key);
        return true;
    }
    return false;
}

typedef struct {
    const char *problem, *context; /* parts of libyaml's words; NULL fits all */
    bool at_context;               /* the slip is where the context began */
    const char *code;
    const char *zh, *en, *hint_zh, *hint_en;
} Wording;

/* The first that fits. */
static const Wording wordings[] = {
    {NULL, "quoted scalar", true, "yaml-quote", "引号没有结束，或引号里的写法不对",
     "a quoted text does not end, or holds a wrong escape",
     "补上另一半引号；双引号里的反斜杠要写两个，或改用单引号",
     "close the quote; double each backslash inside double quotes, or use single quotes"},
    {"mapping values are not allowed", NULL, false, "yaml-colon", "这里不能再出现“键: 值”",
     "a second “key: value” is not allowed here",
     "文字里有冒号加空格时，用引号把整个值括起来；否则检查这一行的缩进",
     "put a value that holds a colon and a blank in quotes; else mend the indentation"},
    {"block sequence entries are not allowed", NULL, false, "yaml-list", "列表项“- ”不能写在这里",
     "a list item “- ” may not stand here", "把“- ”另起一行写在键的下面，或改写成 [甲, 乙]",
     "put “- ” on a line of its own below the key, or write [a, b]"},
    {NULL, "flow sequence", true, "yaml-bracket", "方括号列表没有写完整",
     "a list in brackets is not complete", "各项用半角逗号隔开，最后补上 ]",
     "separate items by commas and close it with ]"},
    {NULL, "flow mapping", true, "yaml-bracket", "花括号没有写完整",
     "a map in braces is not complete",
     "各项用半角逗号隔开，最后补上 }；文字以 { 开头时用引号括起来",
     "separate items by commas and close it with }; quote a text that begins with {"},
    {NULL, "scanning an anchor", false, "yaml-anchor", "值不能以 & 开头",
     "a value may not begin with &", "用引号把整个值括起来", "put the whole value in quotes"},
    {NULL, "scanning an alias", false, "yaml-alias", "值不能以 * 开头",
     "a value may not begin with *", "用引号把整个值括起来", "put the whole value in quotes"},
    {NULL, "tag", false, "yaml-tag", "值不能以 ! 开头", "a value may not begin with !",
     "用引号把整个值括起来", "put the whole value in quotes"},
    {NULL, "block scalar", false, "yaml-block", "“|”或“>”后面不能跟文字",
     "no text may follow “|” or “>”", "文字另起一行并缩进两格；只是普通文字时用引号括起来",
     "put the text on the next line, indented by two; quote it when it is plain text"},
    {"cannot start any token", NULL, false, "yaml-character", "值不能以这个符号开头",
     "a value may not begin with this character", "用引号把整个值括起来",
     "put the whole value in quotes"},
    {"expected '-' indicator", NULL, false, "yaml-indent", "列表中这一行没有对齐",
     "this line does not fit into the list", "同一个列表的“- ”要左对齐",
     "align all “- ” of one list"},
    {"expected <document start>", NULL, false, "yaml-indent", "这一行不属于前面的内容",
     "this line does not belong to what is above", "每行写成“键: 值”，同级的键左对齐",
     "write “key: value” on each line, and align the keys"},
    {"could not find expected ':'", NULL, true, "yaml-syntax", "这里不是“键: 值”",
     "this is not “key: value”", "补上冒号和空格；如果正文已经开始，在它前面补一行 ---",
     "add a colon and a blank; when this is the page's text already, put a line --- before it"},
};

static void explain(const Reader *r, const yaml_parser_t *parser)
{
    const char *problem = parser->problem ? parser->problem : "";
    const char *context = parser->context ? parser->context : "";
    if (parser->error == YAML_READER_ERROR) {
        size_t line = 0;
        for (size_t i = 0; i < parser->problem_offset && i < r->len; i++)
            line += r->text[i] == '\n';
        aj_diag(r->diags, AJ_ERROR, pos_of_line(r, line), "yaml-character",
                AJ_TR("删掉这个字符，文件存成 UTF-8", "remove it, and save the file as UTF-8"),
                AJ_TR("有控制字符或不是 UTF-8 的字节", "a control character, or not UTF-8"));
        return;
    }
    size_t line =
        strstr(problem, "expected ':'") ? parser->context_mark.line : parser->problem_mark.line;
    bool quoted = strstr(context, "quoted scalar") != NULL;
    /* a line without its colon runs on into the next, where it is noticed */
    bool late = strstr(problem, "<document start>") ||
                (strstr(problem, "mapping values are not allowed") && separators(r, line) < 2);
    if (!quoted && ((line > 0 && late && explain_line(r, line - 1)) || explain_line(r, line)))
        return;
    if (strstr(problem, "did not find expected key")) {
        size_t len = 0;
        const char *s = line_at(r, line, &len);
        bool after = parser->problem_mark.column > blanks(s, len);
        AjPos pos = pos_of_mark(r, &parser->problem_mark);
        if (after)
            aj_diag(r->diags, AJ_ERROR, pos, "yaml-quote",
                    AJ_TR("用引号把整个值括起来，里面的引号换一种",
                          "put the whole value in quotes, with the other kind of quotes inside"),
                    AJ_TR("引号或括号结束后还有文字", "text after a closing quote or bracket"));
        else
            aj_diag(
                r->diags, AJ_ERROR, pos, "yaml-indent",
                AJ_TR("同级的键左对齐，下级的内容缩进两格",
                      "align keys of one level, indent what is below by two"),
                AJ_TR("这一行的缩进和上面对不上", "the indentation does not fit the lines above"));
        return;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(wordings); i++) {
        const Wording *w = &wordings[i];
        if ((w->problem && !strstr(problem, w->problem)) ||
            (w->context && !strstr(context, w->context)))
            continue;
        aj_diag(r->diags, AJ_ERROR,
                pos_of_mark(r, w->at_context ? &parser->context_mark : &parser->problem_mark),
                w->code, AJ_TR(w->hint_zh, w->hint_en), "%s", AJ_TR(w->zh, w->en));
        return;
    }
    aj_diag(r->diags, AJ_ERROR, pos_of_mark(r, &parser->problem_mark), "yaml-syntax",
            AJ_TR("每行写成“键: 值”，同级的键左对齐", "write “key: value” on each line"),
            AJ_TR("YAML 写法有误（%s）", "YAML: %s"), problem);
}

/* --- scalars --------------------------------------------------------------------------------- */

/* \x01 is the mark of the page record, NUL the end of a string: neither may come out of a page. */
static bool has_controls(const char *s, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)s[i];
        if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7F)
            return true;
    }
    return false;
}

/* --- events ---------------------------------------------------------------------------------- */

static void refuse(Reader *r, const yaml_event_t *event, const char *code, const char *hint,
                   const char *message)
{
    r->problems++;
    aj_diag(r->diags, AJ_ERROR, pos_of_mark(r, &event->start_mark), code, hint, "%s", message);
}

/* Anchors and tags have the same place in all events that can carry them. */
static bool is_decorated(Reader *r, const yaml_event_t *event)
{
    const yaml_char_t *anchor = NULL, *tag = NULL;
    if (event->type == YAML_SCALAR_EVENT) {
        anchor = event->data.scalar.anchor;
        tag = event->data.scalar.tag;
    } else if (event->type == YAML_SEQUENCE_START_EVENT) {
        anchor = event->data.sequence_start.anchor;
        tag = event->data.sequence_start.tag;
    } else if (event->type == YAML_MAPPING_START_EVENT) {
        anchor = event->data.mapping_start.anchor;
        tag = event->data.mapping_start.tag;
    }
    const char *hint = AJ_TR("只是普通文字时，用引号把整个值括起来",
                             "put the whole value in quotes when it is plain text");
    if (anchor)
        refuse(r, event, "yaml-anchor", hint,
               AJ_TR("不支持 YAML 锚点（&）", "YAML anchors (&) are not supported"));
    if (tag)
        refuse(r, event, "yaml-tag", hint,
               AJ_TR("不支持 YAML 标签（!）", "YAML tags (!) are not supported"));
    return anchor || tag;
}

static void take_key(Reader *r, Frame *top, const yaml_event_t *event)
{
    const char *key = (const char *)event->data.scalar.value;
    size_t len = event->data.scalar.length;
    top->drop = true;
    top->key = "";
    if (len == 0) {
        refuse(r, event, "yaml-key", AJ_TR("在冒号前写上键名", "write a key before the colon"),
               AJ_TR("冒号前面没有键名", "no key before the colon"));
        return;
    }
    if (has_controls(key, len)) {
        refuse(r, event, "yaml-character", AJ_TR("删掉这个字符", "remove it"),
               AJ_TR("键名里有控制字符", "a control character in a key"));
        return;
    }
    const AjValue *old = aj_value_getn(top->node, key, len);
    if (old) {
        g_autofree char *hint = g_strdup_printf(
            AJ_TR("只留一个；前一个在第 %u 行", "keep one; the other is on line %u"), old->line);
        g_autofree char *message =
            g_strdup_printf(AJ_TR("“%.60s”重复出现", "“%.60s” stands here twice"), key);
        refuse(r, event, "yaml-duplicate-key", hint, message);
        return;
    }
    top->key = aj_arena_strndup(r->arena, key, len);
    top->drop = false;
}

static void take_value(Reader *r, Frame *top, AjValue *value)
{
    if (top->node->type == AJ_VALUE_LIST) {
        aj_value_push(r->arena, top->node, value);
        return;
    }
    if (!top->drop)
        aj_value_set(r->arena, top->node, top->key, value);
    top->key = NULL;
}

/* One node's event into the tree. false: nothing after it can be read. */
static bool take_event(Reader *r, const yaml_event_t *event, Frame *frames, size_t *depth,
                       AjValue **root)
{
    if (event->type == YAML_MAPPING_END_EVENT || event->type == YAML_SEQUENCE_END_EVENT) {
        --*depth;
        return true;
    }
    Frame *top = *depth > 0 ? &frames[*depth - 1] : NULL;
    bool key_place = top && top->node->type == AJ_VALUE_MAP && !top->key;
    if (++r->nodes > r->node_limit || (key_place && top->node->len >= MAX_KEYS)) {
        refuse(r, event, "yaml-nodes", AJ_TR("把数据移到正文里", "move data into the text"),
               AJ_TR("项目太多", "too many entries"));
        return false;
    }
    is_decorated(r, event);
    AjValue *value = NULL;
    if (event->type == YAML_ALIAS_EVENT) {
        refuse(r, event, "yaml-alias",
               AJ_TR("只是普通文字时，用引号把整个值括起来",
                     "put the whole value in quotes when it is plain text"),
               AJ_TR("不支持 YAML 引用（*）", "YAML aliases (*) are not supported"));
        value = aj_value_null(r->arena);
        if (key_place) {
            top->key = "";
            top->drop = true;
            return true;
        }
    } else if (event->type == YAML_SCALAR_EVENT) {
        if (key_place) {
            take_key(r, top, event);
            return true;
        }
        const char *s = (const char *)event->data.scalar.value;
        size_t len = event->data.scalar.length;
        if (has_controls(s, len)) {
            refuse(r, event, "yaml-character", AJ_TR("删掉这个字符", "remove it"),
                   AJ_TR("值里有控制字符", "a control character in a value"));
            len = 0;
        }
        value = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE
                    ? aj_scalar_plain(r->arena, s, len)
                    : aj_value_stringn(r->arena, s, len);
    } else {
        if (key_place) {
            refuse(
                r, event, "yaml-key",
                AJ_TR("以 [ 或 { 开头的文字用引号括起来", "quote a text that begins with [ or {"),
                AJ_TR("键名只能是文字", "a key has to be a text"));
            return false;
        }
        if (*depth >= MAX_DEPTH) {
            refuse(r, event, "yaml-depth", AJ_TR("减少嵌套", "nest less"),
                   AJ_TR("嵌套超过 8 层", "nested deeper than 8"));
            return false;
        }
        value = event->type == YAML_MAPPING_START_EVENT ? aj_value_map(r->arena)
                                                        : aj_value_list(r->arena);
    }
    value->line = r->first_line + (uint32_t)event->start_mark.line;
    if (top)
        take_value(r, top, value);
    else
        *root = value;
    if (value->type == AJ_VALUE_MAP || value->type == AJ_VALUE_LIST)
        frames[(*depth)++] = (Frame){value, NULL, false};
    return true;
}

static void explain_root(Reader *r, const AjValue *root)
{
    size_t first = root->line - r->first_line;
    r->problems++;
    for (size_t i = first; i < first + 3; i++)
        if (explain_line(r, i))
            return;
    aj_diag(r->diags, AJ_ERROR, pos_of_line(r, first), "yaml-syntax",
            AJ_TR("每行写成“键: 值”，例如 标题: 储罐清理",
                  "write “key: value” on each line, such as title: Tank cleaning"),
            AJ_TR("这里要写“键: 值”", "“key: value” is expected here"));
}

/* The map, or NULL with diagnostics. Nothing at all is an empty map. */
static AjValue *read_map(Reader *r)
{
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser))
        g_error("out of memory");
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)r->text, r->len);
    Frame frames[MAX_DEPTH];
    size_t depth = 0;
    AjValue *root = NULL;
    uint32_t documents = 0;
    bool more = true;
    while (more && r->problems < MAX_PROBLEMS) {
        yaml_event_t event;
        if (!yaml_parser_parse(&parser, &event)) {
            r->problems++;
            explain(r, &parser);
            break;
        }
        if (event.type == YAML_STREAM_END_EVENT) {
            more = false;
        } else if (event.type == YAML_DOCUMENT_START_EVENT) {
            if (event.data.document_start.version_directive ||
                event.data.document_start.tag_directives.start !=
                    event.data.document_start.tag_directives.end) {
                refuse(
                    r, &event, "yaml-directive", AJ_TR("删掉这一行", "remove this line"),
                    AJ_TR("不支持以 % 开头的 YAML 指令", "YAML directives (%) are not supported"));
                more = false;
            } else if (++documents > 1) {
                refuse(
                    r, &event, "yaml-documents", AJ_TR("删掉中间的 ---", "remove the --- between"),
                    AJ_TR("一个文件里只能有一份 YAML", "a file may hold one YAML document only"));
                more = false;
            }
        } else if (event.type != YAML_STREAM_START_EVENT && event.type != YAML_DOCUMENT_END_EVENT) {
            more = take_event(r, &event, frames, &depth, &root);
        }
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    if (r->problems == 0 && root && root->type != AJ_VALUE_MAP && root->type != AJ_VALUE_NULL)
        explain_root(r, root);
    if (r->problems > 0)
        return NULL;
    return root && root->type == AJ_VALUE_MAP ? root : aj_value_map(r->arena);
}

/* --- the block ------------------------------------------------------------------------------- */

static size_t bom_length(const char *text, size_t len)
{
    return len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

/* Offset of the line after the one at `at`. */
static size_t next_line(const char *text, size_t len, size_t at)
{
    const char *nl = memchr(text + at, '\n', len - at);
    return nl ? (size_t)(nl - text) + 1 : len;
}

/* The line at `at` is `fence` and blanks. */
static bool is_fence(const char *text, size_t len, size_t at, const char *fence)
{
    if (len - at < 3 || memcmp(text + at, fence, 3) != 0)
        return false;
    for (size_t i = at + 3; i < len && text[i] != '\n'; i++)
        if (text[i] != ' ' && text[i] != '\t' && text[i] != '\r')
            return false;
    return true;
}

static bool is_blank_line(const char *text, size_t len, size_t at)
{
    for (size_t i = at; i < len && text[i] != '\n'; i++)
        if (text[i] != ' ' && text[i] != '\t' && text[i] != '\r')
            return false;
    return true;
}

/* The first line that no longer looks like YAML: there the closing line is missing. */
static uint32_t guess_end(const char *text, size_t len, size_t at)
{
    uint32_t line = 2;
    for (; at < len; at = next_line(text, len, at), line++) {
        size_t width = next_line(text, len, at) - at;
        const char *s = text + at;
        if (is_blank_line(text, len, at) || (s[0] == '#' && width > 1 && strchr("# ", s[1])))
            return line;
        if (s[0] != ' ' && s[0] != '\t' && s[0] != '-' && s[0] != '#' && !memchr(s, ':', width))
            return line;
    }
    return line;
}

bool aj_frontmatter_parse(AjArena *a, const char *text, size_t len, const char *path,
                          AjFrontmatter *out, AjDiags *diags)
{
    size_t start = bom_length(text, len);
    *out = (AjFrontmatter){NULL, start, 1, false};
    if (!is_fence(text, len, start, "---")) {
        out->map = aj_value_map(a);
        return true;
    }
    size_t block = next_line(text, len, start);
    if (is_blank_line(text, len, block)) { /* end of file too */
        out->map = aj_value_map(a);
        return true;
    }
    out->present = true;
    size_t close = block;
    uint32_t lines = 0;
    while (close < len && !is_fence(text, len, close, "---") &&
           !is_fence(text, len, close, "...")) {
        close = next_line(text, len, close);
        lines++;
    }
    if (close >= len) {
        out->map = aj_value_map(a);
        g_autofree char *hint = g_strdup_printf(
            AJ_TR("在第 %u 行前补一行 ---；如果开头的 --- 是分隔线，在它后面空一行",
                  "add a line --- before line %u; when the first --- is a rule, leave a blank line "
                  "after it"),
            guess_end(text, len, block));
        aj_diag(diags, AJ_ERROR, (AjPos){path, 1, 1}, "front-matter-open", hint,
                AJ_TR("页首信息没有结束的 ---", "the front matter has no closing ---"));
        return false;
    }
    out->body = next_line(text, len, close);
    out->body_line = lines + 3;
    if (close - block > BLOCK_LIMIT) {
        out->map = aj_value_map(a);
        aj_diag(diags, AJ_ERROR, (AjPos){path, 1, 1}, "yaml-size",
                AJ_TR("把数据移到正文里", "move data into the text"),
                AJ_TR("页首信息超过 64 KiB", "the front matter is over 64 KiB"));
        return false;
    }
    Reader r = {.arena = a,
                .text = text + block,
                .len = close - block,
                .path = path,
                .first_line = 2,
                .node_limit = 10000,
                .diags = diags};
    AjValue *map = read_map(&r);
    out->map = map ? map : aj_value_map(a);
    return map != NULL;
}

AjValue *aj_frontmatter_parse_file(AjArena *a, const char *text, size_t len, const char *path,
                                   AjDiags *diags)
{
    size_t start = bom_length(text, len);
    if (len > FILE_LIMIT) {
        aj_diag(diags, AJ_ERROR, (AjPos){path, 0, 0}, "yaml-size", NULL,
                AJ_TR("文件超过 1 MiB", "the file is over 1 MiB"));
        return NULL;
    }
    Reader r = {.arena = a,
                .text = text + start,
                .len = len - start,
                .path = path,
                .first_line = 1,
                .node_limit = 100000,
                .diags = diags};
    return read_map(&r);
}
