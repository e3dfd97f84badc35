/* markup - where in HTML or XML are we? Followed byte by byte through a template's literal text.
 *
 * A strict reader of the tokens of HTML: what browsers forgive, a template does not need.
 * Must not know: templates, values, how an escape is done. */
#include "render/markup.h"

#include "base/lang.h"
#include "base/text.h"

#include <string.h>

enum { /* mode */
       TEXT,
       LESS,       /* behind < */
       LESS_SLASH, /* behind </ */
       BANG,       /* behind <!, deciding */
       BOGUS,      /* <!doctype, <?xml: until > */
       COMMENT,
       CDATA,
       TAG_NAME,
       TAG,      /* between attributes, behind white space */
       TAG_EDGE, /* in a tag, where only white space, / and > may follow */
       ATTR_NAME,
       AFTER_NAME,
       BEFORE_VALUE,
       VALUE, /* quoted */
       UNQUOTED,
       RAW_TEXT /* inside script, style, title, …: until its end tag */
};
enum { /* element */
       OTHER,
       SCRIPT,
       STYLE,
       TITLE,
       TEXTAREA,
       META,
       XMP,
       IFRAME,
       NOEMBED,
       NOFRAMES,
       PLAINTEXT
};
static const char *const element_names[] = {"",         "script",   "style",    "title",
                                            "textarea", "meta",     "xmp",      "iframe",
                                            "noembed",  "noframes", "plaintext"};
enum { /* attribute */
       PLAIN,
       URL,
       REFRESH, /* content of a meta: a URL once "url=" has passed */
       SRCSET,
       EVENT,
       CSS,
       SRCDOC,
       ANIMATION
};
enum {        /* url */
       START, /* literal bytes only, the scheme open */
       OPEN,  /* a value has stood there, the scheme open */
       MIDDLE,
       QUERY,
       MIXED, /* one way led into the query, another did not */
       HIDDEN /* an entity hides the scheme, or it is a bad one */
};

void aj_markup_init(AjMarkup *m, AjMarkupKind kind)
{
    memset(m, 0, sizeof *m);
    m->kind = (uint8_t)kind;
}

static bool is_space(char ch)
{
    return ch == ' ' || ch == '\t' || ch == '\n' || ch == '\f' || ch == '\r';
}

static bool is_letter(char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z');
}

static char lower(char ch)
{
    return ch >= 'A' && ch <= 'Z' ? (char)(ch + 32) : ch;
}

static void name_clear(AjMarkup *m)
{
    memset(m->name, 0, sizeof m->name);
    m->name_len = 0;
}

/* Longer names than any we know are cut: they are nothing special. */
static void name_add(AjMarkup *m, char ch)
{
    if (m->name_len < sizeof m->name - 1)
        m->name[m->name_len++] = lower(ch);
}

static void element_set(AjMarkup *m)
{
    m->element = OTHER;
    for (uint8_t i = 1;
         m->kind == AJ_MARKUP_HTML && i < sizeof element_names / sizeof *element_names; i++)
        if (strcmp(m->name, element_names[i]) == 0)
            m->element = i;
    name_clear(m);
}

static bool in_list(const char *name, const char *const *list)
{
    for (; *list; list++)
        if (strcmp(name, *list) == 0)
            return true;
    return false;
}

static void attribute_set(AjMarkup *m)
{
    static const char *const urls[] = {
        "href",     "src",  "action",   "formaction", "poster", "cite",    "data", "background",
        "longdesc", "ping", "manifest", "codebase",   "usemap", "profile", "base", NULL};
    static const char *const sets[] = {"srcset", "imagesrcset", NULL};
    static const char *const animations[] = {"to", "from", "by", "values", NULL};
    const char *name = m->name, *colon = strrchr(name, ':');
    const char *local = colon ? colon + 1 : name;
    m->attribute = PLAIN;
    if (strncmp(local, "on", 2) == 0)
        m->attribute = EVENT;
    else if (strcmp(local, "style") == 0)
        m->attribute = CSS;
    else if (strcmp(local, "srcdoc") == 0)
        m->attribute = SRCDOC;
    else if (in_list(local, sets))
        m->attribute = SRCSET;
    else if (in_list(local, urls))
        m->attribute = URL;
    else if (in_list(local, animations))
        m->attribute = ANIMATION;
    else if (m->element == META && strcmp(local, "content") == 0)
        m->attribute = REFRESH;
    name_clear(m);
    m->url = START;
    m->literal = 0;
    m->match = 0;
}

static void value_end(AjMarkup *m, uint8_t mode)
{
    m->mode = mode;
    m->attribute = m->url = m->quote = m->match = 0;
    m->literal = 0;
    name_clear(m);
}

static void tag_end(AjMarkup *m)
{
    bool raw = !m->closing && m->element != OTHER && m->element != META;
    m->mode = raw ? RAW_TEXT : TEXT;
    if (!raw)
        m->element = OTHER;
    m->closing = m->match = 0;
    name_clear(m);
}

/* One byte of a URL's literal text. */
static void url_byte(AjMarkup *m, char ch)
{
    if (m->url == START) {
        if (ch == '&') {
            m->url = HIDDEN;
        } else if (ch == '?' || ch == '#' || ch == '/') {
            m->url = ch == '?' ? QUERY : MIDDLE;
        } else if (ch == ':') {
            name_add(m, ch);
            bool whole = m->name_len == m->literal + 1;
            m->url = whole && aj_url_is_safe(m->name, m->name_len) ? MIDDLE : HIDDEN;
        } else {
            name_add(m, ch);
            m->literal++;
            return;
        }
        m->literal = 0;
        name_clear(m);
    } else if (m->url == OPEN) {
        if (ch == ':') {
            m->check = 1;
            m->url = MIDDLE;
        } else if (ch == '&') {
            m->url = HIDDEN;
        } else if (ch == '/' || ch == '#') {
            m->url = MIDDLE;
        } else if (ch == '?') {
            m->url = QUERY;
        }
    } else if (m->url == HIDDEN) {
        return;
    } else if (ch == '?') {
        m->url = QUERY;
    } else if (ch == '#') {
        m->url = MIDDLE;
    }
}

static void value_byte(AjMarkup *m, char ch)
{
    static const char url_is[] = "url=";
    if (m->attribute == URL) {
        url_byte(m, ch);
    } else if (m->attribute == REFRESH) {
        if (lower(ch) == url_is[m->match])
            m->match++;
        else
            m->match = lower(ch) == 'u';
        if (m->match == 4) {
            m->match = 0;
            m->attribute = URL;
        }
    }
}

/* The end tag of a raw element, matched byte by byte: "</script" and what may follow a name. */
static const char *raw_byte(AjMarkup *m, char ch)
{
    const char *name = element_names[m->element];
    size_t len = strlen(name);
    if (m->element == PLAINTEXT)
        return NULL;
    if (m->match == len + 2) {
        if (is_space(ch) || ch == '/' || ch == '>') {
            m->match = 0;
            m->closing = 1;
            if (ch == '>')
                tag_end(m);
            else
                m->mode = TAG;
            return NULL;
        }
        m->match = 0;
    }
    if (m->match == 1 && ch == '!' && m->element == SCRIPT)
        return AJ_TR("脚本里不能写 <!", "<! cannot stand in a script");
    if (ch == '<')
        m->match = 1;
    else if (m->match == 1 && ch == '/')
        m->match = 2;
    else if (m->match >= 2 && lower(ch) == name[m->match - 2])
        m->match++;
    else
        m->match = 0;
    return NULL;
}

static const char *step(AjMarkup *m, char ch)
{
    bool xml = m->kind == AJ_MARKUP_XML;
    switch (m->mode) {
    case TEXT:
        if (ch == '<')
            m->mode = LESS;
        return NULL;
    case LESS:
        name_clear(m);
        m->closing = 0;
        if (is_letter(ch) || (xml && (ch == '_' || (unsigned char)ch >= 0x80))) {
            m->mode = TAG_NAME;
            name_add(m, ch);
        } else if (ch == '/') {
            m->mode = LESS_SLASH;
        } else if (ch == '!') {
            m->mode = BANG;
        } else if (ch == '?') {
            m->mode = BOGUS;
        } else {
            return AJ_TR("“<”后面不是标签；文字里请写 &lt;",
                         "no tag follows this \"<\"; in text write &lt;");
        }
        return NULL;
    case LESS_SLASH:
        if (!is_letter(ch) && !(xml && (ch == '_' || (unsigned char)ch >= 0x80)))
            return AJ_TR("“</”后面不是标签名", "no name follows this \"</\"");
        m->closing = 1;
        m->mode = TAG_NAME;
        name_add(m, ch);
        return NULL;
    case BANG:
        name_add(m, ch);
        if (m->name_len == 1 && ch != '-' && !(xml && ch == '[')) {
            m->mode = ch == '>' ? TEXT : BOGUS;
            name_clear(m);
        } else if (m->name[0] == '-' && m->name_len == 2) {
            if (ch != '-')
                return AJ_TR("注释应以 <!-- 开头", "a comment begins with <!--");
            m->mode = COMMENT;
            m->match = 2; /* <!--> is a whole comment */
            name_clear(m);
        } else if (m->name[0] == '[' && m->name_len == 7) {
            if (strcmp(m->name, "[cdata[") != 0)
                return AJ_TR("不认识的 <![", "this <![ is unknown");
            m->mode = CDATA;
            m->match = 0;
            name_clear(m);
        }
        return NULL;
    case BOGUS:
        if (ch == '>')
            m->mode = TEXT;
        return NULL;
    case COMMENT:
        /* "--!>" ends a comment too */
        if (ch == '>' && m->match >= 2) {
            m->mode = TEXT;
            m->match = 0;
        } else if (ch == '-') {
            m->match = m->match >= 1 && m->match < 3 ? 2 : 1;
        } else {
            m->match = ch == '!' && m->match == 2 ? 3 : 0;
        }
        return NULL;
    case CDATA:
        if (ch == '>' && m->match == 2) {
            m->mode = TEXT;
            m->match = 0;
        } else if (ch == ']') {
            m->match = m->match ? 2 : 1;
        } else {
            m->match = 0;
        }
        return NULL;
    case TAG_NAME:
        if (is_space(ch) || ch == '/' || ch == '>') {
            element_set(m);
            m->mode = TAG;
            if (ch == '>')
                tag_end(m);
        } else if (ch == '<' || ch == '"' || ch == '\'' || ch == '=') {
            return AJ_TR("标签名里不能有这个字符", "this cannot stand in a tag's name");
        } else {
            name_add(m, ch);
        }
        return NULL;
    case TAG:
    case TAG_EDGE:
        if (is_space(ch) || ch == '/') {
            m->mode = TAG;
        } else if (ch == '>') {
            tag_end(m);
        } else if (m->mode == TAG_EDGE) {
            return AJ_TR("这里应当先有空格", "white space has to come first here");
        } else if (ch == '<' || ch == '"' || ch == '\'' || ch == '=') {
            return AJ_TR("标签里不能有这个字符", "this cannot stand in a tag");
        } else {
            m->mode = ATTR_NAME;
            name_clear(m);
            name_add(m, ch);
        }
        return NULL;
    case ATTR_NAME:
    case AFTER_NAME:
        if (ch == '=') {
            attribute_set(m);
            m->mode = BEFORE_VALUE;
        } else if (is_space(ch)) {
            m->mode = AFTER_NAME;
        } else if (ch == '>') {
            tag_end(m);
        } else if (ch == '/') {
            m->mode = TAG;
            name_clear(m);
        } else if (ch == '<' || ch == '"' || ch == '\'') {
            return AJ_TR("属性名里不能有这个字符", "this cannot stand in an attribute's name");
        } else {
            if (m->mode == AFTER_NAME)
                name_clear(m);
            m->mode = ATTR_NAME;
            name_add(m, ch);
        }
        return NULL;
    case BEFORE_VALUE:
        if (is_space(ch))
            return NULL;
        if (ch == '"' || ch == '\'') {
            m->quote = (uint8_t)ch;
            m->mode = VALUE;
        } else if (ch == '>') {
            value_end(m, TAG);
            tag_end(m);
        } else {
            m->mode = UNQUOTED;
        }
        return NULL;
    case VALUE:
        if ((uint8_t)ch == m->quote)
            value_end(m, TAG_EDGE);
        else
            value_byte(m, ch);
        return NULL;
    case UNQUOTED:
        if (is_space(ch)) {
            value_end(m, TAG);
        } else if (ch == '>') {
            value_end(m, TAG);
            tag_end(m);
        } else if (ch == '<' || ch == '"' || ch == '\'') {
            return AJ_TR("没有引号的属性值里不能有这个字符",
                         "this cannot stand in a value without quotes");
        }
        return NULL;
    default:
        return raw_byte(m, ch);
    }
}

size_t aj_markup_text(AjMarkup *m, const char *s, size_t len, const char **wrong)
{
    if (m->kind == AJ_MARKUP_NONE)
        return len;
    for (size_t i = 0; i < len; i++) {
        if (m->mode == TEXT) {
            const char *less = memchr(s + i, '<', len - i);
            if (!less)
                return len;
            i = (size_t)(less - s);
        }
        *wrong = step(m, s[i]);
        if (*wrong)
            return i;
        if (m->check)
            return i + 1;
    }
    return len;
}

static AjEscape url_value(AjMarkup *m, uint32_t *literal_out, const char **wrong, const char **hint)
{
    switch (m->url) {
    case START:
        *literal_out = m->literal;
        m->literal = 0;
        name_clear(m);
        m->url = OPEN;
        return AJ_ESCAPE_URL_FIRST;
    case OPEN:
        return AJ_ESCAPE_URL_NEXT;
    case MIDDLE:
        return AJ_ESCAPE_URL;
    case QUERY:
        return AJ_ESCAPE_QUERY;
    default:
        *wrong = AJ_TR("看不出这个值在网址的哪一部分",
                       "it is unclear in which part of the URL this stands");
        *hint = AJ_TR("把网址的前半部分写成固定文字", "write the first part of the URL out");
        return AJ_ESCAPE_REFUSED;
    }
}

static AjEscape attribute_value(AjMarkup *m, uint32_t *literal_out, const char **wrong,
                                const char **hint)
{
    switch (m->attribute) {
    case PLAIN:
        return m->quote == '\'' ? AJ_ESCAPE_SINGLE : AJ_ESCAPE_ATTR;
    case URL:
        return url_value(m, literal_out, wrong, hint);
    case REFRESH:
        m->match = 0;
        return AJ_ESCAPE_ATTR;
    case EVENT:
        *wrong = AJ_TR("事件属性（on…）里不能用变量", "no value is safe in an event handler (on…)");
        *hint = AJ_TR("改用 data-… 属性，由脚本读取",
                      "use a data-… attribute and let a script read it");
        return AJ_ESCAPE_REFUSED;
    case CSS:
        *wrong = AJ_TR("style 属性里不能用变量", "no value is safe in a style attribute");
        *hint = AJ_TR("改用 class", "use a class");
        return AJ_ESCAPE_REFUSED;
    case SRCSET:
        *wrong = AJ_TR("srcset 里不能用变量", "no value is safe in srcset");
        return AJ_ESCAPE_REFUSED;
    case SRCDOC:
        *wrong = AJ_TR("srcdoc 里不能用变量", "no value is safe in srcdoc");
        return AJ_ESCAPE_REFUSED;
    default:
        *wrong = AJ_TR("这个属性里不能用变量", "no value is safe in this attribute");
        return AJ_ESCAPE_REFUSED;
    }
}

AjEscape aj_markup_value(AjMarkup *m, bool raw, uint32_t *literal_out, const char **wrong,
                         const char **hint)
{
    bool xml = m->kind == AJ_MARKUP_XML;
    if (m->kind == AJ_MARKUP_NONE)
        return AJ_ESCAPE_NONE;
    switch (m->mode) {
    case TEXT:
        return raw ? AJ_ESCAPE_NONE : xml ? AJ_ESCAPE_XML : AJ_ESCAPE_TEXT;
    case VALUE:
        if (raw) {
            *wrong = AJ_TR("属性里不能用不转义的 {{{…}}}", "{{{…}}} cannot stand in an attribute");
            *hint = AJ_TR("写成 {{…}}", "write {{…}}");
            return AJ_ESCAPE_REFUSED;
        }
        if (xml && m->attribute != URL)
            return AJ_ESCAPE_XML;
        return attribute_value(m, literal_out, wrong, hint);
    case UNQUOTED:
    case BEFORE_VALUE:
        *wrong =
            AJ_TR("属性值没有引号，不能用变量", "an attribute without quotes cannot take a value");
        *hint = AJ_TR("给属性值加上引号", "put the attribute in quotes");
        return AJ_ESCAPE_REFUSED;
    case COMMENT:
        *wrong = AJ_TR("HTML 注释里不能用变量", "no value is safe in a comment");
        *hint = AJ_TR("模板自己的注释写成 {{! … }}", "a template's own comment is {{! … }}");
        return AJ_ESCAPE_REFUSED;
    case RAW_TEXT:
        if (m->element == SCRIPT || m->element == STYLE) {
            *wrong = m->element == SCRIPT
                         ? AJ_TR("<script> 里不能用变量", "no value is safe in <script>")
                         : AJ_TR("<style> 里不能用变量", "no value is safe in <style>");
            *hint = AJ_TR("放进 data-… 属性，由脚本文件读取",
                          "put it into a data-… attribute and let a script file read it");
            return AJ_ESCAPE_REFUSED;
        }
        if ((m->element == TITLE || m->element == TEXTAREA) && m->match == 0 && !raw)
            return AJ_ESCAPE_TEXT;
        *wrong = raw ? AJ_TR("这个元素里不能用 {{{…}}}", "{{{…}}} cannot stand in this element")
                     : AJ_TR("这个元素里不能用变量", "no value is safe in this element");
        return AJ_ESCAPE_REFUSED;
    default:
        *wrong =
            AJ_TR("标签名、属性名等处不能用变量", "names of tags and attributes cannot be values");
        *hint = AJ_TR("变量只能在文字里和带引号的属性值里",
                      "values stand in text and in quoted attributes only");
        return AJ_ESCAPE_REFUSED;
    }
}

bool aj_markup_branch(AjMarkup *m, bool *mark, uint32_t *literal_out, const char **wrong)
{
    *mark = false;
    switch (m->mode) {
    case TAG_NAME:
        element_set(m);
        m->mode = TAG_EDGE;
        return true;
    case ATTR_NAME:
        m->mode = TAG_EDGE;
        name_clear(m);
        return true;
    case AFTER_NAME:
        m->mode = TAG;
        name_clear(m);
        return true;
    case VALUE:
        if (m->attribute == URL && m->url == START) {
            *mark = true;
            *literal_out = m->literal;
            m->literal = 0;
            name_clear(m);
            m->url = OPEN;
        }
        return true;
    case RAW_TEXT:
    case COMMENT:
    case CDATA:
        if (m->match == 0)
            return true;
        break;
    case LESS:
    case LESS_SLASH:
    case BANG:
    case BEFORE_VALUE:
        break;
    default:
        return true;
    }
    *wrong = AJ_TR("这里把一个 HTML 标记切断了", "this cuts a piece of markup in two");
    return false;
}

bool aj_markup_join(AjMarkup *m, const AjMarkup *other)
{
    AjMarkup o = *other;
    if (m->mode != o.mode && (m->mode == TAG || m->mode == TAG_EDGE) &&
        (o.mode == TAG || o.mode == TAG_EDGE))
        m->mode = o.mode = TAG_EDGE;
    if (m->attribute == URL && o.attribute == URL && m->url != o.url) {
        bool hidden = m->url == HIDDEN || o.url == HIDDEN;
        bool open = m->url == OPEN || o.url == OPEN;
        bool middle = m->url == MIDDLE || o.url == MIDDLE;
        m->url = o.url = hidden ? HIDDEN : open && middle ? OPEN : MIXED;
    }
    return memcmp(m, &o, sizeof o) == 0;
}

bool aj_markup_at_rest(const AjMarkup *m)
{
    return m->mode == TEXT;
}
