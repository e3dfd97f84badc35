-- make.lua: pandoc's constructors.
--
-- Must not know: how a tree is gone through, files.

local native, C = ...
local type, tostring, error, ipairs = type, native.tostring, error, ipairs
local setmetatable = native.setmetatable
local M, words, make, class_of, classes = C.M, C.words, C.make, C.class_of, C.classes
local to_attr, new_list, new_attr = C.to_attr, C.new_list, C.new_attr
local List_methods, sealed, mt_of, next = C.List_methods, C.sealed, native.metatable, next

-- Where pandoc wants content, nothing is a slip.
local function given(v, what)
  if v == nil then error(what .. ' is missing', 0) end
  return v
end
local function to_inlines(v)
  return C.to_inlines(given(v, 'a list of Inlines'))
end
local function to_blocks(v)
  return C.to_blocks(given(v, 'a list of Blocks'))
end

local words_of = {}
for name, list in next, {
  quotetype = 'SingleQuote DoubleQuote', mathtype = 'InlineMath DisplayMath',
  mode = 'NormalCitation AuthorInText SuppressAuthor',
  alignment = 'AlignLeft AlignRight AlignCenter AlignDefault',
  style = 'DefaultStyle Example Decimal LowerRoman UpperRoman LowerAlpha UpperAlpha',
  delimiter = 'DefaultDelim Period OneParen TwoParens',
} do
  words_of[name] = {}
  for _, word in ipairs(words(list)) do words_of[name][word] = true end
end
local function one_of(kind, v)
  if not words_of[kind][v] then error(kind .. ': there is no ' .. tostring(v), 0) end
  return v
end

local function to_items(v)
  if type(v) == 'string' or class_of(v) then return new_list { to_blocks(v) } end
  local out = {}
  for i = 1, #given(v, 'a list of items') do out[i] = to_blocks(v[i]) end
  return new_list(out)
end

local function list_attributes(v)
  if class_of(v) == classes.ListAttributes then return v end
  v = v or {}
  return make('ListAttributes', {
    start = tonumber(v.start or v[1] or 1) or error('start: a number is expected', 0),
    style = one_of('style', v.style or v[2] or 'DefaultStyle'),
    delimiter = one_of('delimiter', v.delimiter or v[3] or 'DefaultDelim'),
  })
end

local function string_arg(v, what)
  if type(v) == 'string' then return v end
  if type(v) == 'number' then return tostring(v) end
  error(what .. ': a string is expected, got ' .. type(v), 3)
end

for _, tag in ipairs(words 'Emph Strong Underline Strikeout Superscript Subscript SmallCaps') do
  M[tag] = function(content)
    return make(tag, { content = to_inlines(content) })
  end
end
for _, tag in ipairs(words 'Space SoftBreak LineBreak HorizontalRule Null') do
  M[tag] = function()
    return make(tag, {})
  end
end
for _, tag in ipairs(words 'Plain Para') do
  M[tag] = function(content)
    return make(tag, { content = to_inlines(content) })
  end
end
M.Str = native.make_str(classes.Str)
function M.Quoted(kind, content)
  return make('Quoted', { quotetype = one_of('quotetype', kind), content = to_inlines(content) })
end
function M.Cite(content, citations)
  return make('Cite', { content = to_inlines(content), citations = new_list(citations) })
end
function M.Code(s, attr)
  return make('Code', { text = string_arg(s, 'Code'), attr = to_attr(attr) })
end
function M.Math(kind, s)
  return make('Math', { mathtype = one_of('mathtype', kind), text = string_arg(s, 'Math') })
end
function M.RawInline(f, s)
  return make('RawInline', { format = string_arg(f, 'RawInline'), text = string_arg(s, 'RawInline') })
end
function M.Link(content, target, title, attr)
  return make('Link', {
    content = to_inlines(content), target = string_arg(target, 'Link'), title = title or '',
    attr = to_attr(attr),
  })
end
function M.Image(caption, src, title, attr)
  return make('Image', {
    caption = to_inlines(caption), src = string_arg(src, 'Image'), title = title or '',
    attr = to_attr(attr),
  })
end
function M.Note(content)
  return make('Note', { content = to_blocks(content) })
end
function M.Span(content, attr)
  return make('Span', { content = to_inlines(content), attr = to_attr(attr) })
end
function M.CodeBlock(s, attr)
  return make('CodeBlock', { text = string_arg(s, 'CodeBlock'), attr = to_attr(attr) })
end
function M.RawBlock(f, s)
  return make('RawBlock', { format = string_arg(f, 'RawBlock'), text = string_arg(s, 'RawBlock') })
end
function M.BlockQuote(content)
  return make('BlockQuote', { content = to_blocks(content) })
end
function M.BulletList(items)
  return make('BulletList', { content = to_items(items) })
end
function M.OrderedList(items, attributes)
  return make('OrderedList', { content = to_items(items), listAttributes = list_attributes(attributes) })
end
function M.DefinitionList(items)
  local out = {}
  given(items, 'a list of definitions')
  for i = 1, #items do
    if type(items[i]) ~= 'table' then error('a definition is expected, got ' .. type(items[i]), 0) end
    out[i] = { to_inlines(items[i][1]), to_items(items[i][2]) }
  end
  return make('DefinitionList', { content = new_list(out) })
end
function M.LineBlock(lines)
  local out = {}
  if type(lines) ~= 'table' then error('LineBlock: a list of lines is expected, got ' .. type(lines), 0) end
  for i = 1, #lines do out[i] = to_inlines(lines[i]) end
  return make('LineBlock', { content = new_list(out) })
end
function M.Header(level, content, attr)
  if type(level) == 'string' then level = tonumber(level) end
  if not math.tointeger(level) then error('Header: a whole number is expected, got ' .. tostring(level), 0) end
  level = math.tointeger(level)
  return make('Header', { level = level, content = to_inlines(content), attr = to_attr(attr) })
end
function M.Div(content, attr)
  return make('Div', { content = to_blocks(content), attr = to_attr(attr) })
end
local function to_caption(c)
  if type(c) == 'table' and not class_of(c) and (c.long or c.short) then
    return { long = C.to_blocks(c.long), short = c.short and to_inlines(c.short) or nil }
  end
  return { long = C.to_blocks(c) }
end
function M.Figure(content, caption, attr)
  return make('Figure', { content = to_blocks(content), caption = to_caption(caption), attr = to_attr(attr) })
end
function M.Cell(contents, align, row_span, col_span, attr)
  return make('Cell', {
    contents = to_blocks(contents), alignment = one_of('alignment', align or 'AlignDefault'), row_span = row_span or 1,
    col_span = col_span or 1, attr = to_attr(attr),
  })
end
local function to_row(r)
  if class_of(r) == classes.Row then return r end
  if class_of(r) then error('a Row is expected, got a ' .. C.kind_name(r), 0) end
  local cells, from, attr = {}, r, nil
  if r.cells then from, attr = r.cells, r.attr end
  if class_of(from) then error('a list of Cells is expected, got a ' .. C.kind_name(from), 0) end
  for i = 1, #from do
    cells[i] = class_of(from[i]) == classes.Cell and from[i] or M.Cell(from[i])
  end
  return make('Row', { cells = new_list(cells), attr = to_attr(attr) })
end
local function to_rows(rows)
  local out = {}
  for i = 1, #(rows or {}) do out[i] = to_row(rows[i]) end
  return new_list(out)
end
function M.Row(cells, attr)
  return to_row { cells = cells or {}, attr = attr }
end
function M.SimpleTable(caption, aligns, widths, headers, rows)
  local body = {}
  for i = 1, #(rows or {}) do body[i] = to_items(rows[i]) end
  return make('SimpleTable', {
    caption = to_inlines(caption), aligns = new_list(aligns), widths = new_list(widths),
    headers = to_items(headers or {}), rows = new_list(body),
  })
end
for _, tag in ipairs(words 'TableHead TableFoot') do
  M[tag] = function(rows, attr)
    return make(tag, { rows = to_rows(rows), attr = to_attr(attr) })
  end
end
function M.TableBody(body, head, columns, attr)
  return make('TableBody', {
    body = to_rows(body), head = to_rows(head), row_head_columns = columns or 0,
    attr = to_attr(attr),
  })
end
local function part(tag, v)
  if class_of(v) == classes[tag] then return v end
  if v ~= nil and class_of(v) then error('a ' .. tag .. ' is expected, got a ' .. C.kind_name(v), 0) end
  return M[tag](v and v.rows or v, v and v.attr)
end
function M.Table(caption, colspecs, head, bodies, foot, attr)
  return make('Table', {
    caption = to_caption(caption), colspecs = new_list(colspecs), head = part('TableHead', head),
    bodies = new_list(bodies), foot = part('TableFoot', foot), attr = to_attr(attr),
  })
end
function M.Citation(id, mode, prefix, suffix, note_num, hash)
  return make('Citation', {
    id = string_arg(id, 'Citation'), mode = one_of('mode', mode), prefix = C.to_inlines(prefix), suffix = C.to_inlines(suffix),
    note_num = note_num or 0, hash = hash or 0,
  })
end
function M.ListAttributes(start, style, delimiter)
  return list_attributes { start, style, delimiter }
end
function M.Attr(id, attr_classes, attributes)
  if type(id) == 'table' then return to_attr(id) end
  return new_attr(id, attr_classes, attributes)
end

M.AttributeList = C.to_attributes

---------------------------------------------------------------------------------------------------
-- Meta

local Meta_mt = { __name = 'Meta', __metatable = sealed }
local to_meta

-- 'Inline' or 'Block' when all of the list are of that kind
local function one_kind(list)
  local first = class_of(list[1])
  local kind = first and (first.kind == 'Inline' or first.kind == 'Block') and first.kind
  for i = 2, kind and #list or 0 do
    local mt = class_of(list[i])
    if not mt or mt.kind ~= kind then return nil end
  end
  return kind
end
local function meta_map(t, out)
  for k, v in next, t do
    if type(k) == 'string' then out[k] = to_meta(v) end
  end
  return out
end
-- A value as it will be found in the document's Meta. A number stays one: front matter has them.
function to_meta(v)
  local kind = type(v)
  if kind == 'function' then error('a value of Meta is expected, got a function', 0) end
  if kind ~= 'table' then return v end
  local mt = mt_of(v)
  if mt == C.Inlines_mt or mt == C.Blocks_mt then return v end
  if mt and mt.kind == 'Inline' then return C.to_inlines(v) end
  if mt and mt.kind == 'Block' then return C.to_blocks(v) end
  if mt and mt.kind then error('a value of Meta is expected, got a ' .. mt.tag, 0) end
  if #v == 0 and mt ~= C.List_mt then return meta_map(v, {}) end
  kind = one_kind(v)
  if kind then return kind == 'Inline' and C.to_inlines(v) or C.to_blocks(v) end
  local out = {}
  for i = 1, #v do out[i] = to_meta(v[i]) end
  return new_list(out)
end
function M.Meta(t)
  if type(t) == 'table' and mt_of(t) == Meta_mt then return t end
  if type(t) ~= 'table' or class_of(t) then error('Meta: a table is expected, got ' .. C.kind_name(t), 0) end
  return setmetatable(meta_map(t, {}), Meta_mt)
end
function M.Pandoc(blocks, meta)
  return make('Pandoc', { blocks = to_blocks(blocks), meta = M.Meta(meta or {}) })
end
M.Doc = M.Pandoc
function M.Inlines(v)
  return List_methods.clone(to_inlines(v))
end
function M.Blocks(v)
  return List_methods.clone(to_blocks(v))
end
M.MetaInlines, M.MetaBlocks = M.Inlines, M.Blocks
function M.MetaList(t)
  local out = {}
  for i = 1, #given(t, 'a list') do out[i] = to_meta(t[i]) end
  return new_list(out)
end
function M.MetaMap(t)
  return meta_map(given(t, 'a table'), {})
end
function M.MetaString(s)
  return string_arg(s, 'MetaString')
end
function M.MetaBool(b)
  return b and true or false
end
function M.ReaderOptions(t)
  return C.options(t, 'ReaderOptions')
end
function M.WriterOptions(t)
  return C.options(t, 'WriterOptions')
end

C.Meta_mt, C.to_caption, C.to_items, C.list_attributes = Meta_mt, to_caption, to_items, list_attributes
