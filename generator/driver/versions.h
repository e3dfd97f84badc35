/* versions - what the history says of the pages, as values: revisions, and what to learn again.
 *
 * Must not know: how it is printed, templates. */
#pragma once
#include "history/repo.h"
#include "model/site.h"

/* {state, head, pages: [{path, title, kind, version, modified, revisions: [{number, commit, date,
 * author, subject, change, reviewed_by, approved_by, path}]}]}; newest revision first; `change` is
 * "", "wording" or "substance"; trailers and a former path only where there are some. `only`: this
 * page's number, or AJ_NO_PAGE. */
AjValue *aj_versions_map(AjArena *a, const AjSite *site, uint32_t only);
/* The page that a person means: its path, with or without .md, or its address. AJ_NO_PAGE: none. */
uint32_t aj_versions_find(const AjSite *site, const char *name);
/* Whoever learnt at `rev` has to learn again: pages with a change of substance since then, new
 * pages, the quizzes and courses that hold them, the posts for whom they are.
 * {since: {rev, commit, date}, head, state, pages: [{path, title, kind, new, posts, quizzes,
 * courses, revisions}], removed: [path], quizzes: [path], courses: [path], posts: [name]} */
AjValue *aj_versions_retrain(AjArena *a, const AjSite *site, AjRepo *repo, const char *prefix,
                             const char *rev, GError **error);
/* The revision (0: newest) against which the diff page of revision `r` is made: the next older one
 * of substance, else the first; UINT32_MAX when `r` is not of substance, is the first itself, or
 * the site wants no diff pages. */
uint32_t aj_versions_base(const AjSite *site, const AjPathLog *log, uint32_t r);
/* The path of revision `r`. */
const char *aj_versions_path(const AjPathLog *log, uint32_t r);
