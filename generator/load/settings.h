/* settings - site.yaml to AjConfig.
 *
 * Keys (Chinese names beside them): title 标题, language 语言, base_url 网址, description 描述,
 * author 作者, theme 主题, filters 过滤器, sections 栏目, taxonomies 分类, synonyms 同义词, quiz
 * 测验, params 参数, raw_html 原始HTML, search 搜索, diffs 改动页, editions 版次, page_size
 * 每页条数, assets 附件 {max_kb 上限KB}. Must not know: the command line (cli lays its options over
 * the result), themes' insides.
 */
#pragma once
#include "base/diag.h"
#include "model/config.h"

/* `text` may be NULL: no site.yaml, all defaults (title: the folder's name; theme classic; filters
 * [quiz]; taxonomies [tags, hazards, posts, level]; language zh-CN; page_size 50; assets 5 MiB).
 * NULL when the file is broken: an error of the site. Unknown keys warn. Left for the caller: out,
 * now, drafts, strict.
 * `sections` is a map folder → {title, weight, summary?, kind?} that has the six known folders too;
 * weight is as given, else 10, 20 … in the order of site.yaml, then 1010, 1020 … for those that it
 * does not name. `synonyms` is a list of lists of strings. `quiz` has English keys and typed values
 * as in load/schema; sections, synonyms and quiz are never NULL. base_url ends in '/' or is "". */
AjConfig *aj_settings_parse(AjArena *a, const char *text, size_t len, const char *path,
                            const char *root, AjDiags *diags);
