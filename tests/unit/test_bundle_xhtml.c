/* Any HTML as well-formed XHTML: closed, escaped, without what only a browser can do. */
#include "bundle/tag.h"
#include "bundle/xhtml.h"

#include <string.h>

static GString *aside;

static bool link_to(void *data, const char *address, bool is_file, const GString *from,
                    GString *out)
{
    (void)data;
    (void)is_file;
    (void)from;
    if (strcmp(address, "gone") == 0)
        return false;
    g_string_append(out, "to-");
    aj_tag_put_text(out, address, strlen(address), true);
    return true;
}

static GString *move(void *data, const char *question, const char *option, GString *out)
{
    (void)data;
    g_string_append(out, "(moved)");
    g_string_append_printf(aside, "%s/%s:", question, option ? option : "");
    return aside;
}

static char *convert(const char *body, size_t len)
{
    g_autoptr(GHashTable) ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GString) html = g_string_new("<nav>x</nav><main id=\"m\">");
    g_string_append_len(html, body, (gssize)len);
    AjXhtml x = {.link = link_to, .aside = move, .ids = ids};
    GString *out = g_string_new(NULL);
    g_string_truncate(aside, 0);
    g_autofree char *exact = g_memdup2(html->str, html->len); /* no NUL behind it */
    aj_xhtml_main(exact, html->len, &x, out);
    return g_string_free(out, FALSE);
}

static void test_forms(void)
{
    static const char *const pairs[][2] = {
        {"a&nbsp;b & c < d &lt; &bogus; \x01", "a\xc2\xa0"
                                               "b &amp; c &lt; d &lt; &amp;bogus; "},
        {"<p>one<p>two", "<p>one</p><p>two</p>"},
        {"<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>"},
        {"<table><tr><td>1<td>2<tr><td>3</table>",
         "<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>"},
        {"<b>x<i>y</b>z</i>", "<b>x<i>y</i></b>z"},
        {"<br><IMG SRC=a.png ALT='a \"b\"'>",
         "<br/><img src=\"to-a.png\" alt=\"a &quot;b&quot;\"/>"},
        {"<img src=gone alt=\"word &amp;lt;\"><img src=gone alt>", "[word &amp;lt;]"},
        {"<a href=\"gone\">x</a><a href=\"y?a&amp;b\">z</a>",
         "<span>x</span><a href=\"to-y?a&amp;b\">z</a>"},
        {"<p id=i onclick=\"x()\" style=\"y\"><b id=i id=j>z</b></p>", "<p id=\"i\"><b>z</b></p>"},
        {"<script>if (a<b) '<script>'</script>x<form><form>y</form></form>z", "xz"},
        {"<!-- <p> -->x<custom-tag>y</custom-tag><p hidden>no</p>", "xy"},
        {"<input type=checkbox disabled checked> a <input type=text>", "☑ a ＿＿＿＿"},
        {"<select><option value=\"\">choose<option value=\"A\">a<b<option>c</option></select>!",
         "＿＿＿＿（a / c）!"},
        {"<select><option", "＿＿＿＿"},
        {"x</main>y", "x"},
        {"<p a", "<p></p>"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++) {
        g_autofree char *out = convert(pairs[i][0], strlen(pairs[i][0]));
        g_assert_cmpstr(out, ==, pairs[i][1]);
    }
}

static void test_answers(void)
{
    const char *html = "<fieldset class=\"question q\" id=\"q-1\"><label><input type=radio "
                       "value=\"A\">one</label><div class=\"q-feedback\" hidden>no</div>"
                       "<details class=\"q-answer\"><summary>s</summary><p id=\"z\">B</p></details>"
                       "</fieldset>end";
    g_autofree char *out = convert(html, strlen(html));
    g_assert_cmpstr(out, ==,
                    "<div id=\"q-1\" class=\"question q\"><span>one</span>(moved)(moved)</div>end");
    g_assert_cmpstr(aside->str, ==,
                    "q-1/A:<div class=\"q-feedback\">no</div>q-1/:<div class=\"q-answer\">"
                    "<p>B</p></div>");
}

/* A letter that no field names is the option's place; another question begins anew; what unfolds
 * outside of one is no answer. */
static void test_places(void)
{
    const char *one = "<label><input type=radio>x</label>"
                      "<label><input type=radio>y</label><div class=q-feedback hidden>no</div>";
    g_autofree char *html =
        g_strdup_printf("<fieldset class=question id=q-1>%s<details><summary>s</summary>B"
                        "</details></fieldset><fieldset class=question id=q-2>%s</fieldset>"
                        "<details>end</details>",
                        one, one);
    g_string_truncate(aside, 0);
    g_autofree char *out = convert(html, strlen(html));
    g_assert_true(g_str_has_suffix(out, "(moved)</div><div>end</div>"));
    g_assert_cmpstr(aside->str, ==,
                    "q-1/B:<div class=\"q-feedback\">no</div>q-1/:<div>B</div>"
                    "q-2/B:<div class=\"q-feedback\">no</div>");
}

/* Cut anywhere, each element is still closed as often as it is opened. */
static void test_cuts(void)
{
    const char *html = "<section><p>a<b id='x'>b</b><ul><li>c<li><img src=d alt=e></ul><table>"
                       "<tr><td>&amp;<!-- x --></table><fieldset class=question id=q><details "
                       "class=q-answer>w</details></fieldset></section>";
    for (size_t cut = 0; cut <= strlen(html); cut++) {
        g_autofree char *out = convert(html, cut);
        int depth = 0;
        for (const char *p = out; (p = strchr(p, '<')); p++) {
            const char *end = strchr(p, '>');
            g_assert_nonnull(end);
            depth += p[1] == '/' ? -1 : end[-1] == '/' ? 0 : 1;
            g_assert_cmpint(depth, >=, 0);
        }
        g_assert_cmpint(depth, ==, 0);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    aside = g_string_new(NULL);
    g_test_add_func("/bundle/xhtml/forms", test_forms);
    g_test_add_func("/bundle/xhtml/answers", test_answers);
    g_test_add_func("/bundle/xhtml/places", test_places);
    g_test_add_func("/bundle/xhtml/cuts", test_cuts);
    int code = g_test_run();
    g_string_free(aside, TRUE);
    return code;
}
