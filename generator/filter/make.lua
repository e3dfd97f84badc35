-- make.lua: pandoc's constructors.
--
-- Must not know: how a tree is gone through, files.

local native, C = ...
local type, tostring, error, ipairs = type, native.tostring, error, ipairs
local setmetatable = native.setmetatable
local M, words, make, class_of, classes = C.M, C.words, C.make, C.class_of, C.classes
local to_inlines, to_blocks, to_attr, new_list, new_attr = C.to_inlines, C.to_blocks, C.to_attr, C.new_list, C.new_attr
local List_methods, sealed = C.List_methods, C.sealed

local function to_items(v)
  if type(v) == 'string' or class_of(v) then return new_list { to_blocks(v) } end
  local out = {}
  for i = 1, #(v or {}) do out[i] = to_blocks(v[i]) end
  return new_list(out)
end

local function list_attributes(v)
  if class_of(v) == classes.ListAttributes then return v end
  v = v or {}
  return make('ListAttributes', {
    start = v.start or v[1] or 1,
    style = v.style or v[2] or 'DefaultStyle',
    delimiter = v.delimiter or v[3] or 'DefaultDelim',
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
  return make('Quoted', { quotetype = kind, content = to_inlines(content) })
end
function M.Cite(content, citations)
  return make('Cite', { content = to_inlines(content), citations = new_list(citations) })
end
function M.Code(s, attr)
  return make('Code', { text = string_arg(s, 'Code'), attr = to_attr(attr) })
end
function M.Math(kind, s)
  return make('Math', { mathtype = kind, text = string_arg(s, 'Math') })
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
  if type(items[1]) == 'string' or class_of(items[1]) then items = { items } end
  for i = 1, #items do
    out[i] = { to_inlines(items[i][1]), to_items(items[i][2]) }
  end
  return make('DefinitionList', { content = new_list(out) })
end
function M.LineBlock(lines)
  local out = {}
  for i = 1, #lines do out[i] = to_inlines(lines[i]) end
  return make('LineBlock', { content = new_list(out) })
end
function M.Header(level, content, attr)
  if type(level) == 'string' then level = tonumber(level) end
  if type(level) ~= 'number' then error('Header: a number is expected, got ' .. type(level), 2) end
  return make('Header', { level = level, content = to_inlines(content), attr = to_attr(attr) })
end
function M.Div(content, attr)
  return make('Div', { content = to_blocks(content), attr = to_attr(attr) })
end
local function to_caption(c)
  if type(c) == 'table' and not class_of(c) and (c.long or c.short) then
    return { long = to_blocks(c.long), short = c.short and to_inlines(c.short) or nil }
  end
  return { long = to_blocks(c) }
end
function M.Figure(content, caption, attr)
  return make('Figure', { content = to_blocks(content), caption = to_caption(caption), attr = to_attr(attr) })
end
function M.Cell(contents, align, row_span, col_span, attr)
  return make('Cell', {
    contents = to_blocks(contents), alignment = align or 'AlignDefault', row_span = row_span or 1,
    col_span = col_span or 1, attr = to_attr(attr),
  })
end
local function to_row(r)
  if class_of(r) == classes.Row then return r end
  local cells, from, attr = {}, r, nil
  if r.cells then from, attr = r.cells, r.attr end
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
    headers = to_items(headers), rows = new_list(body),
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
function M.Table(caption, colspecs, head, bodies, foot, attr)
  return make('Table', {
    caption = to_caption(caption), colspecs = new_list(colspecs), head = head or M.TableHead(),
    bodies = new_list(bodies), foot = foot or M.TableFoot(), attr = to_attr(attr),
  })
end
function M.Citation(id, mode, prefix, suffix, note_num, hash)
  return make('Citation', {
    id = id, mode = mode, prefix = to_inlines(prefix), suffix = to_inlines(suffix),
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

local Meta_mt = { __name = 'Meta', __metatable = sealed }
function M.Meta(t)
  return setmetatable(t or {}, Meta_mt)
end
function M.Pandoc(blocks, meta)
  return make('Pandoc', { blocks = to_blocks(blocks), meta = M.Meta(meta) })
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
  return new_list(t)
end
function M.MetaMap(t)
  return t
end
M.MetaString, M.MetaBool = M.MetaMap, M.MetaMap
function M.ReaderOptions(t)
  return C.options(t, 'ReaderOptions')
end
function M.WriterOptions(t)
  return C.options(t, 'WriterOptions')
end

C.Meta_mt, C.to_caption, C.to_items, C.list_attributes = Meta_mt, to_caption, to_items, list_attributes
