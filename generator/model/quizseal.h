/* quizseal - answers that do not stand in plain text: hashes with salt, and a sealed rest.
 *
 * What an exam's page carries. It keeps answers from being read in passing, no more: a page that
 * grades itself holds all it needs. Unsealed by the theme's quiz-core.js, which folds alike.
 * Must not know: questions, pages. */
#pragma once
#include <stddef.h>

/* What was typed, as it is compared: NFKC, small letters, no blanks, no full stop at the end, a
 * number in its shortest form. Caller frees. */
char *aj_quizseal_fold(const char *text);
/* 16 hex digits of SHA-256 of salt, slot and the folded text, parted by line feeds. slot < 0: the
 * answer has no place of its own. */
void aj_quizseal_hash(const char *salt, int slot, const char *text, char out[17]);
/* Bytes xored with SHA-256 of salt and block number, in base64. Caller frees. */
char *aj_quizseal_seal(const char *salt, const char *bytes, size_t len);
