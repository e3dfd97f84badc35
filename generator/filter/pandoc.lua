-- pandoc.lua: pandoc's names over plain tables; compiled into the program, run once a state.
--
-- An element is a table with one metatable a tag: its fields lie in it raw, `t`, `tag`, methods
-- and aliases come from the metatable. `_n` is the number of the cmark node it was made from
-- (filter/luatree owns it). Nothing here may keep anything of a page: filters run again and again.
-- Must not know: files, clocks, chance.

local native = ...
local rawget, rawset, rawequal, rawlen, type, tostring, error =
  rawget, rawset, rawequal, rawlen, type, native.tostring, error
local ipairs, pairs, next, utf8, tonumber = ipairs, native.pairs, next, utf8, tonumber
local find, sub, match, gmatch, format =
  string.find, string.sub, string.match, string.gmatch, string.format
local concat, sort, unpack, remove, insert =
  table.concat, table.sort, table.unpack, table.remove, table.insert
-- as they are: no metatable is protected from us
local mt_of, setmetatable = native.metatable, native.setmetatable
local step = native.step

local M, utils, text = {}, {}, {}
local sealed = false -- what getmetatable would tell, if there were one

---------------------------------------------------------------------------------------------------
-- Lists

local List_methods = {}
local List_mt = { __name = 'List', __metatable = sealed }
local Inlines_mt = { __name = 'Inlines', __metatable = sealed, list = 'I' }
local Blocks_mt = { __name = 'Blocks', __metatable = sealed, list = 'B' }
local List = native.proxy(List_methods)
List_mt.__index = List

local function new_list(t)
  return setmetatable(t or {}, List_mt)
end

local function like(list, t) -- a new list of the same type
  local mt = mt_of(list)
  if mt ~= Inlines_mt and mt ~= Blocks_mt then mt = List_mt end
  return setmetatable(t, mt)
end

local equal -- by value, below

local function list_concat(a, b)
  local out, n = {}, 0
  for i = 1, #a do n = n + 1; out[n] = a[i] end
  for i = 1, #b do n = n + 1; out[n] = b[i] end
  return like(type(a) == 'table' and a or b, out)
end

local function list_equal(a, b)
  return equal(a, b)
end
for _, mt in ipairs { List_mt, Inlines_mt, Blocks_mt } do
  mt.__concat = list_concat
  mt.__eq = list_equal
end

function List_methods:new(t)
  if t == nil then return new_list {} end
  if type(t) == 'table' then return setmetatable(t, List_mt) end
  local out = {}
  for v in t do out[#out + 1] = v end
  return new_list(out)
end
function List_methods:clone()
  local out = {}
  for i = 1, #self do out[i] = self[i] end
  return like(self, out)
end
function List_methods:at(i, default)
  if i < 0 then i = #self + 1 + i end
  local v = self[i]
  if v == nil then return default end
  return v
end
function List_methods:extend(other)
  local n = #self
  for i = 1, #other do self[n + i] = other[i] end
  return self
end
function List_methods:filter(pred)
  local out = {}
  for i = 1, #self do
    if pred(self[i], i) then out[#out + 1] = self[i] end
  end
  return like(self, out)
end
function List_methods:map(fn)
  local out = {}
  for i = 1, #self do out[i] = fn(self[i], i) end
  return new_list(out)
end
function List_methods:find(needle, init)
  for i = init or 1, #self do
    if self[i] == needle then return self[i], i end
  end
end
function List_methods:find_if(pred, init)
  for i = init or 1, #self do
    if pred(self[i], i) then return self[i], i end
  end
end
function List_methods:includes(needle, init)
  for i = init or 1, #self do
    if self[i] == needle then return true end
  end
  return false
end
function List_methods:iter(step)
  step = step or 1
  local i = step > 0 and 1 - step or #self + 1
  return function()
    i = i + step
    return self[i]
  end
end
List_methods.insert, List_methods.remove, List_methods.sort = insert, remove, sort
List_methods.unpack = unpack

---------------------------------------------------------------------------------------------------
-- Attributes

local function pairs_find(t, key)
  for i = 1, rawlen(t) do
    if rawget(t, i)[1] == key then return i end
  end
end
local Attributes_mt = { __name = 'AttributeList', __metatable = sealed }
function Attributes_mt.__index(t, key)
  local i = type(key) == 'string' and pairs_find(t, key)
  return i and rawget(t, i)[2] or nil
end
function Attributes_mt.__newindex(t, key, value)
  if type(key) == 'number' then
    if value ~= nil then rawset(t, rawlen(t) + 1, { tostring(value[1]), tostring(value[2]) }) end
    return
  end
  local i = pairs_find(t, key)
  if value == nil then
    if i then remove(t, i) end
  elseif i then
    rawget(t, i)[2] = tostring(value)
  else
    rawset(t, rawlen(t) + 1, { tostring(key), tostring(value) })
  end
end
function Attributes_mt.__pairs(t)
  local i = 0
  return function()
    i = i + 1
    local pair = rawget(t, i)
    if pair then return pair[1], pair[2] end
  end, t, nil
end
function Attributes_mt.__eq(a, b)
  if rawlen(a) ~= rawlen(b) then return false end
  for i = 1, rawlen(a) do
    local x, y = rawget(a, i), rawget(b, i)
    if x[1] ~= y[1] or x[2] ~= y[2] then return false end
  end
  return true
end

local function to_attributes(t)
  local mt = type(t) == 'table' and mt_of(t)
  if mt == Attributes_mt then return t end
  local out = setmetatable({}, Attributes_mt)
  if t == nil then return out end
  if type(t) ~= 'table' then error('attributes: a table is expected, got ' .. type(t), 0) end
  if type(t[1]) == 'table' then
    for i = 1, #t do out[tostring(t[i][1])] = t[i][2] end
  else
    for k, v in pairs(t) do out[tostring(k)] = v end
  end
  return out
end

local function words(s)
  local out = {}
  for w in gmatch(s, '%S+') do out[#out + 1] = w end
  return out
end

local function to_classes(c)
  if c == nil then return new_list {} end
  if type(c) == 'string' then return new_list(words(c)) end
  if type(c) ~= 'table' then error('classes: a list is expected, got ' .. type(c), 0) end
  return mt_of(c) == List_mt and c or setmetatable(c, List_mt)
end

local Attr_methods = {}
local Attr_mt = { __name = 'Attr', __metatable = sealed }
local attr_places = { 'identifier', 'classes', 'attributes' }
function Attr_mt.__index(a, key)
  if attr_places[key] then return rawget(a, attr_places[key]) end
  if key == 't' or key == 'tag' then return 'Attr' end
  return Attr_methods[key]
end
function Attr_mt.__newindex(a, key, value)
  rawset(a, attr_places[key] or key, value)
end
function Attr_mt.__eq(a, b)
  return a.identifier == b.identifier and equal(a.classes, b.classes)
    and to_attributes(a.attributes) == to_attributes(b.attributes)
end
function Attr_mt.__len()
  return 3
end

local function new_attr(id, classes, attributes)
  return setmetatable({
    identifier = id or '',
    classes = to_classes(classes),
    attributes = to_attributes(attributes),
  }, Attr_mt)
end

local function to_attr(a)
  local kind = type(a)
  if kind == 'table' and mt_of(a) == Attr_mt then
    return a
  elseif a == nil then
    return new_attr()
  elseif kind == 'string' then
    return new_attr(a)
  elseif kind ~= 'table' then
    error('Attr: a table is expected, got ' .. kind, 0)
  elseif #a > 0 then
    return new_attr(a[1], a[2], a[3])
  end
  local id, classes, rest = a.id or a.identifier, a.class or a.classes, {}
  local own = type(a.attributes) == 'table' and a.attributes or nil
  for k, v in pairs(a) do
    if k ~= 'id' and k ~= 'identifier' and k ~= 'class' and k ~= 'classes'
      and not (k == 'attributes' and own) then
      rest[#rest + 1] = { k, v }
    end
  end
  return new_attr(id, classes, own or rest)
end

function Attr_methods:clone()
  local attributes = {}
  for i = 1, rawlen(self.attributes) do
    local pair = rawget(self.attributes, i)
    attributes[i] = { pair[1], pair[2] }
  end
  return new_attr(self.identifier, List_methods.clone(to_classes(self.classes)), attributes)
end

---------------------------------------------------------------------------------------------------
-- Elements: tag, kind, fields; a field is `name` or `name:KIND`, where KIND says what lies in it
-- (I inlines, B blocks, LB list of blocks, LI list of inlines, DL definitions, C citations).

local specs = [[
Str Inline text
Space Inline
SoftBreak Inline
LineBreak Inline
Emph Inline content:I
Strong Inline content:I
Underline Inline content:I
Strikeout Inline content:I
Superscript Inline content:I
Subscript Inline content:I
SmallCaps Inline content:I
Quoted Inline quotetype content:I
Cite Inline content:I citations:C
Code Inline text attr:A
Math Inline mathtype text
RawInline Inline format text
Link Inline content:I target title attr:A
Image Inline caption:I src title attr:A
Note Inline content:B
Span Inline content:I attr:A
Plain Block content:I
Para Block content:I
LineBlock Block content:LI
CodeBlock Block text attr:A
RawBlock Block format text
BlockQuote Block content:B
OrderedList Block content:LB listAttributes
BulletList Block content:LB
DefinitionList Block content:DL
Header Block level content:I attr:A
HorizontalRule Block
Table Block caption:K colspecs head:R bodies:T foot:R attr:A
Figure Block content:B caption:K attr:A
Div Block content:B attr:A
Null Block
Pandoc Doc blocks:B meta
TableHead Part rows attr:A
TableBody Part body head row_head_columns attr:A
TableFoot Part rows attr:A
Row Part cells attr:A
Cell Part contents:B alignment row_span col_span attr:A
Citation Part id mode prefix:I suffix:I note_num hash
ListAttributes Part start style delimiter
]]

local classes = {} -- tag → metatable
local inline_tags, block_tags = {}, {}
local aliases = {
  Image = { content = 'caption' },
  Cell = { content = 'contents' },
}
local attr_parts = { identifier = true, classes = true, attributes = true }
local list_parts = { start = true, style = true, delimiter = true }

local to_inlines, to_blocks, list_attributes

local function own_attr(el)
  local a = rawget(el, 'attr')
  if type(a) ~= 'table' or mt_of(a) ~= Attr_mt then
    a = to_attr(a)
    rawset(el, 'attr', a)
  end
  return a
end

for line in gmatch(specs, '[^\n]+') do
  local parts = words(line)
  local tag, kind = parts[1], parts[2]
  local mt = { native.ids[tag], -- [1], for native.step
    __name = tag, __metatable = sealed, tag = tag, kind = kind, fields = {}, id = native.ids[tag],
  }
  local methods = { t = tag, tag = tag }
  local has_attr = false
  for i = 3, #parts do
    local name, holds = match(parts[i], '^(%w[%w_]*):?(%u*)$')
    mt.fields[#mt.fields + 1] = name
    if holds == 'A' then
      has_attr = true
    elseif holds ~= '' then
      mt.kids = mt.kids or {}
      insert(mt.kids, { name, holds })
    end
  end
  mt.methods = methods
  local alias = aliases[tag]
  if has_attr or alias then
    mt.__index = function(el, key)
      local m = methods[key]
      if m ~= nil then return m end
      if has_attr then
        if attr_parts[key] then return own_attr(el)[key] end
        if key == 'attr' then return own_attr(el) end
      end
      if alias and alias[key] then return rawget(el, alias[key]) end
    end
    mt.__newindex = function(el, key, value)
      if has_attr and attr_parts[key] then
        if key == 'classes' then
          value = to_classes(value)
        elseif key == 'attributes' then
          value = to_attributes(value)
        end
        own_attr(el)[key] = value
      else
        rawset(el, alias and alias[key] or key, value)
      end
    end
  elseif tag == 'OrderedList' then
    mt.__index = function(el, key)
      local m = methods[key]
      if m ~= nil then return m end
      if list_parts[key] then return rawget(el, 'listAttributes')[key] end
    end
    mt.__newindex = function(el, key, value)
      if list_parts[key] then
        rawget(el, 'listAttributes')[key] = value
      else
        rawset(el, key, value)
      end
    end
  else
    mt.__index = methods
  end
  mt.__eq = function(a, b)
    return equal(a, b)
  end
  mt.__tostring = function(el)
    return tag .. ' ' .. utils.stringify(el)
  end
  mt.__pairs = function(el)
    local i = 0
    return function()
      i = i + 1
      local name = mt.fields[i]
      if name then return name, el[name] end
    end, el, nil
  end
  classes[tag] = mt
  if kind == 'Inline' then inline_tags[#inline_tags + 1] = tag end
  if kind == 'Block' then block_tags[#block_tags + 1] = tag end
end
local Str_mt, Space_mt, Plain_mt = classes.Str, classes.Space, classes.Plain

local function make(tag, fields)
  return setmetatable(fields, classes[tag])
end

-- the metatable of an element, nil for anything else
local function class_of(v)
  if type(v) ~= 'table' then return nil end
  local mt = mt_of(v)
  return mt and mt.kind and mt or nil
end

local function kind_name(v)
  local mt = class_of(v)
  if mt then return mt.tag end
  return type(v)
end

function equal(a, b)
  if rawequal(a, b) then return true end
  if type(a) ~= 'table' or type(b) ~= 'table' then return a == b end
  local x, y = mt_of(a), mt_of(b)
  if x == Attributes_mt or x == Attr_mt then return x == y and a == b end
  if (x and x.kind) or (y and y.kind) then
    if x ~= y then return false end
    for _, name in ipairs(x.fields) do
      local p, q = a[name], b[name]
      if not equal(p, q) then return false end
    end
    return true
  end
  for k, v in next, a do
    if not equal(v, rawget(b, k)) then return false end
  end
  for k in next, b do
    if rawget(a, k) == nil then return false end
  end
  return true
end

local function clone(v)
  if type(v) ~= 'table' then return v end
  local mt = mt_of(v)
  if mt == Attr_mt then return Attr_methods.clone(v) end
  local out = {}
  for k, x in next, v do out[k] = clone(x) end
  return mt and setmetatable(out, mt) or out
end

-- "two words" as pandoc reads a string where inlines are wanted
local function text_inlines(s)
  local out, n, at = {}, 0, 1
  while at <= #s do
    local from, to = find(s, '[ \t\r\n]+', at)
    local word = sub(s, at, (from or #s + 1) - 1)
    if word ~= '' then n = n + 1; out[n] = setmetatable({ text = word }, Str_mt) end
    if not from then break end
    n = n + 1
    out[n] = make(find(sub(s, from, to), '\n', 1, true) and 'SoftBreak' or 'Space', {})
    at = to + 1
  end
  return setmetatable(out, Inlines_mt)
end

function to_inlines(v)
  if type(v) == 'string' then return text_inlines(v) end
  if v == nil then return setmetatable({}, Inlines_mt) end
  if type(v) ~= 'table' then
    error('Inlines: a list is expected, got ' .. type(v), 0)
  end
  local mt = mt_of(v)
  if mt == Inlines_mt then return v end
  if mt and mt.kind == 'Inline' then return setmetatable({ v }, Inlines_mt) end
  if mt and mt.kind then error('an Inline is expected, got ' .. mt.tag, 0) end
  local out, n = {}, 0
  for i = 1, #v do
    local x = v[i]
    local m = class_of(x)
    if m and m.kind == 'Inline' then
      n = n + 1; out[n] = x
    elseif type(x) == 'string' then
      n = n + 1; out[n] = setmetatable({ text = x }, Str_mt)
    else
      error('an Inline is expected, got ' .. kind_name(x), 0)
    end
  end
  return setmetatable(out, Inlines_mt)
end

function to_blocks(v)
  if v == nil then return setmetatable({}, Blocks_mt) end
  if type(v) == 'string' then
    return setmetatable({ make('Plain', { content = text_inlines(v) }) }, Blocks_mt)
  end
  if type(v) ~= 'table' then
    error('Blocks: a list is expected, got ' .. type(v), 0)
  end
  local mt = mt_of(v)
  if mt == Blocks_mt then return v end
  if mt and mt.kind == 'Block' then return setmetatable({ v }, Blocks_mt) end
  if mt and mt.kind == 'Inline' then v = { v } end
  if mt and mt.kind and mt.kind ~= 'Inline' then
    error('a Block is expected, got ' .. mt.tag, 0)
  end
  local out, n, run = {}, 0, nil
  for i = 1, #v do
    local x = v[i]
    local m = class_of(x)
    if m and m.kind == 'Block' then
      n = n + 1; out[n] = x; run = nil
    elseif (m and m.kind == 'Inline') or type(x) == 'string' then
      if not run then
        run = setmetatable({}, Inlines_mt)
        n = n + 1; out[n] = make('Plain', { content = run })
      end
      run[#run + 1] = m and x or setmetatable({ text = x }, Str_mt)
    elseif type(x) == 'table' and not m then
      for _, b in ipairs(to_blocks(x)) do n = n + 1; out[n] = b end
      run = nil
    else
      error('a Block is expected, got ' .. kind_name(x), 0)
    end
  end
  return setmetatable(out, Blocks_mt)
end

local function to_items(v)
  if type(v) == 'string' or class_of(v) then return new_list { to_blocks(v) } end
  local out = {}
  for i = 1, #(v or {}) do out[i] = to_blocks(v[i]) end
  return new_list(out)
end

function list_attributes(v)
  if class_of(v) == classes.ListAttributes then return v end
  v = v or {}
  return make('ListAttributes', {
    start = v.start or v[1] or 1,
    style = v.style or v[2] or 'DefaultStyle',
    delimiter = v.delimiter or v[3] or 'DefaultDelim',
  })
end

---------------------------------------------------------------------------------------------------
-- Constructors

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
function M.Str(s)
  return setmetatable({ text = string_arg(s, 'Str') }, Str_mt)
end
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
    caption = to_caption(caption), colspecs = new_list(colspecs), head = head, bodies = new_list(bodies),
    foot = foot, attr = to_attr(attr),
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
for _, name in ipairs(words [[
  AlignLeft AlignRight AlignCenter AlignDefault SingleQuote DoubleQuote InlineMath DisplayMath
  NormalCitation AuthorInText SuppressAuthor DefaultStyle Example Decimal LowerRoman UpperRoman
  LowerAlpha UpperAlpha DefaultDelim Period OneParen TwoParens]]) do
  M[name] = name
end

---------------------------------------------------------------------------------------------------
-- Going through a tree. `fi` and `fb` turn a list of inlines or blocks into another.

local function holds_rows(rows, fb)
  for i = 1, #(rows or {}) do
    local cells = rows[i].cells
    for j = 1, #cells do
      cells[j].contents = fb(to_blocks(cells[j].contents))
    end
  end
end

local function children(el, kids, fi, fb)
  for k = 1, #kids do
    local name, holds = kids[k][1], kids[k][2]
    local v = rawget(el, name)
    if holds == 'I' then
      if type(v) ~= 'table' or mt_of(v) ~= Inlines_mt then v = to_inlines(v) end
      local r = fi(v)
      if not rawequal(r, rawget(el, name)) then rawset(el, name, r) end
    elseif holds == 'B' then
      if type(v) ~= 'table' or mt_of(v) ~= Blocks_mt then v = to_blocks(v) end
      local r = fb(v)
      if not rawequal(r, rawget(el, name)) then rawset(el, name, r) end
    elseif holds == 'LB' then
      for i = 1, #v do v[i] = fb(to_blocks(v[i])) end
    elseif holds == 'LI' then
      for i = 1, #v do v[i] = fi(to_inlines(v[i])) end
    elseif holds == 'DL' then
      for i = 1, #v do
        local item = v[i]
        item[1] = fi(to_inlines(item[1]))
        for j = 1, #item[2] do item[2][j] = fb(to_blocks(item[2][j])) end
      end
    elseif holds == 'K' then
      if v and v.long then v.long = fb(to_blocks(v.long)) end
      if v and v.short then v.short = fi(to_inlines(v.short)) end
    elseif holds == 'R' then
      if v then holds_rows(v.rows, fb) end
    elseif holds == 'T' then
      for i = 1, #v do
        holds_rows(v[i].head, fb)
        holds_rows(v[i].body, fb)
      end
    elseif holds == 'C' then
      for i = 1, #(v or {}) do
        v[i].prefix = fi(to_inlines(v[i].prefix))
        v[i].suffix = fi(to_inlines(v[i].suffix))
      end
    end
  end
end

local function bad_result(handler, tag, wanted, got)
  native.fail(handler, format('the handler of %s returned %s where %s is expected', tag, got, wanted))
end

-- appends what an inline handler returned
local function add_inlines(out, n, r, handler, tag)
  if type(r) == 'string' then r = text_inlines(r) end
  local mt = type(r) == 'table' and mt_of(r)
  if mt and mt.kind == 'Inline' then
    out[n + 1] = r
    return n + 1
  end
  if type(r) ~= 'table' or (mt and mt.kind) then
    bad_result(handler, tag, 'an Inline or a list of them', kind_name(r))
  end
  for i = 1, #r do
    local x = r[i]
    if type(x) == 'string' then x = M.Str(x) end
    local m = class_of(x)
    if not m or m.kind ~= 'Inline' then
      bad_result(handler, tag, 'an Inline', kind_name(x))
    end
    n = n + 1
    out[n] = x
  end
  return n
end

local function add_blocks(out, n, r, handler, tag)
  local mt = type(r) == 'table' and mt_of(r)
  if mt and mt.kind == 'Block' then
    out[n + 1] = r
    return n + 1
  end
  if type(r) ~= 'table' and type(r) ~= 'string' or (mt and mt.kind and mt.kind ~= 'Inline') then
    bad_result(handler, tag, 'a Block or a list of them', kind_name(r))
  end
  local ok, list = native.try(to_blocks, r)
  if not ok then native.fail(handler, format('the handler of %s: %s', tag, list)) end
  for i = 1, #list do
    n = n + 1
    out[n] = list[i]
  end
  return n
end

-- tag's number → handler, the tag's own before the catch-all; nil when there is none
local function handlers(filter, tags, catch_all)
  local out, any = {}, false
  for i = 1, #tags do
    local h = filter[tags[i]] or filter[catch_all]
    if h then
      out[classes[tags[i]][1]] = h
      any = true
    end
  end
  return any and out or nil
end

local no_handlers = {}

-- One pass over the tree. Bottom-up and in reading order: what an element holds, then the element,
-- then the next one; a list after all of its elements. `by_id` are handlers of elements, `fi` and
-- `fb` functions over whole lists; each may be nil.
local function pass(inline_by_id, block_by_id, fi, fb)
  local inlines, blocks
  local function go(list, kind, by_id, add, convert)
    local out, n
    local last = 0 -- up to here the list is in `out`, when there is one
    local i, el, kids, h, tag = step(list, 1, kind, by_id)
    while i do
      if not el then -- something that is no element: strings, mostly
        if out then error('the list changed under way', 0) end
        return go(convert(setmetatable(list, nil)), kind, by_id, add, convert)
      end
      if kids then children(el, kids, inlines, blocks) end
      local r
      if h then r = h(el) end
      if r ~= nil and not rawequal(r, el) then
        if not out then out, n = {}, 0 end
        for j = last + 1, i - 1 do
          n = n + 1
          out[n] = list[j]
        end
        n = add(out, n, r, h, tag)
        last = i
      end
      i, el, kids, h, tag = step(list, i + 1, kind, by_id)
    end
    if not out then return list end
    for j = last + 1, #list do
      n = n + 1
      out[n] = list[j]
    end
    return setmetatable(out, mt_of(list))
  end
  function inlines(list)
    list = go(list, 'i', inline_by_id or no_handlers, add_inlines, to_inlines)
    return fi and fi(list) or list
  end
  function blocks(list)
    list = go(list, 'b', block_by_id or no_handlers, add_blocks, to_blocks)
    return fb and fb(list) or list
  end
  return inlines, blocks
end

local function list_handler(h, convert, tag)
  return function(list)
    local r = h(list)
    if r == nil or rawequal(r, list) then return list end
    local ok, converted = native.try(convert, r)
    if not ok then native.fail(h, format('the handler of %s: %s', tag, converted)) end
    return converted
  end
end

-- The passes of one filter, in order; each is a pair of functions over lists.
local function typewise(filter)
  local out = {}
  local inline = handlers(filter, inline_tags, 'Inline')
  local block = handlers(filter, block_tags, 'Block')
  if inline then out[#out + 1] = { pass(inline, nil, nil, nil) } end
  if filter.Inlines then
    out[#out + 1] = { pass(nil, nil, list_handler(filter.Inlines, to_inlines, 'Inlines'), nil) }
  end
  if block then out[#out + 1] = { pass(nil, block, nil, nil) } end
  if filter.Blocks then
    out[#out + 1] = { pass(nil, nil, nil, list_handler(filter.Blocks, to_blocks, 'Blocks')) }
  end
  return out
end

local function topdown(filter)
  local inline = handlers(filter, inline_tags, 'Inline') or {}
  local block = handlers(filter, block_tags, 'Block') or {}
  local inlines, blocks
  local function go(list, by_id, add, whole, convert, tag)
    if whole then
      local r, on = whole(list)
      if r ~= nil then
        local ok, converted = native.try(convert, r)
        if not ok then native.fail(whole, format('the handler of %s: %s', tag, converted)) end
        list = converted
      end
      if on == false then return list end
    end
    local out, n = {}, 0
    for i = 1, #list do
      local el = list[i]
      local mt = mt_of(el)
      local h = by_id[mt[1]]
      local r, on
      local from = n + 1
      if h then r, on = h(el) end
      if r == nil then
        n = n + 1
        out[n] = el
      else
        n = add(out, n, r, h, mt.tag)
      end
      if on ~= false then
        for j = from, n do
          local kids = mt_of(out[j]).kids
          if kids then children(out[j], kids, inlines, blocks) end
        end
      end
    end
    return setmetatable(out, mt_of(list))
  end
  function inlines(list)
    return go(to_inlines(list), inline, add_inlines, filter.Inlines, to_inlines, 'Inlines')
  end
  function blocks(list)
    return go(to_blocks(list), block, add_blocks, filter.Blocks, to_blocks, 'Blocks')
  end
  return { { inlines, blocks } }
end

local function passes_of(filter)
  if filter.traverse == 'topdown' then return topdown(filter) end
  return typewise(filter)
end

local function walk_meta(v, fi, fb)
  if type(v) ~= 'table' then return v end
  local mt = mt_of(v)
  if mt == Inlines_mt then return fi(v) end
  if mt == Blocks_mt then return fb(v) end
  if mt and mt.kind == 'Inline' then return fi(to_inlines(v)) end
  if mt and mt.kind == 'Block' then return fb(to_blocks(v)) end
  for k, x in pairs(v) do
    if type(x) == 'table' then v[k] = walk_meta(x, fi, fb) end
  end
  return v
end

-- Applies one filter table to a document.
local function apply(filter, doc)
  for _, p in ipairs(passes_of(filter)) do
    doc.meta = walk_meta(doc.meta, p[1], p[2])
    doc.blocks = p[2](to_blocks(doc.blocks))
  end
  if filter.Meta then
    local r = filter.Meta(doc.meta)
    if r ~= nil then
      if type(r) ~= 'table' or class_of(r) then bad_result(filter.Meta, 'Meta', 'a Meta', kind_name(r)) end
      doc.meta = r
    end
  end
  local whole = filter.Pandoc or filter.Doc
  if whole then
    local r = whole(doc)
    if r ~= nil then
      if class_of(r) ~= classes.Pandoc then bad_result(whole, 'Pandoc', 'a Pandoc', kind_name(r)) end
      doc = r
    end
  end
  return doc
end

local function walk(v, filter)
  if type(filter) ~= 'table' then error('walk: a table of handlers is expected, got ' .. type(filter), 2) end
  v = clone(v)
  local mt = mt_of(v)
  for _, p in ipairs(passes_of(filter)) do
    if mt == Inlines_mt then
      v = p[1](v)
    elseif mt == Blocks_mt then
      v = p[2](v)
    elseif mt.kids then
      children(v, mt.kids, p[1], p[2])
    end
  end
  return v
end

for _, mt in next, classes do
  mt.methods.clone = clone
  mt.methods.walk = walk
end
function classes.Pandoc.methods.walk(doc, filter)
  return apply(filter, clone(doc))
end
classes.Pandoc.__concat = function(a, b)
  local meta = clone(a.meta)
  for k, v in pairs(b.meta) do meta[k] = v end
  return M.Pandoc(list_concat(a.blocks, b.blocks), meta)
end
function classes.Pandoc.methods.normalize(doc)
  return doc
end
local Inlines_methods, Blocks_methods = { walk = walk }, { walk = walk }
Inlines_mt.__index = native.proxy(Inlines_methods, List)
Blocks_mt.__index = native.proxy(Blocks_methods, List)
function M.walk_block(el, filter)
  return walk(el, filter)
end
M.walk_inline = M.walk_block

---------------------------------------------------------------------------------------------------
-- pandoc.utils and pandoc.text

local function stringify(v, out)
  if type(v) == 'string' then
    out[#out + 1] = v
  elseif type(v) == 'number' or type(v) == 'boolean' then
    out[#out + 1] = tostring(v)
  elseif type(v) == 'table' then
    local mt = mt_of(v)
    local tag = mt and mt.tag
    if tag == 'Str' or tag == 'Code' or tag == 'Math' then
      out[#out + 1] = v.text
    elseif tag == 'Space' or tag == 'SoftBreak' or tag == 'LineBreak' then
      out[#out + 1] = ' '
    elseif tag == 'RawInline' then
      if v.format == 'html' and find(v.text, '^<br') then out[#out + 1] = ' ' end
    elseif tag == 'Quoted' then
      local double = v.quotetype == 'DoubleQuote'
      out[#out + 1] = double and '“' or '‘'
      stringify(v.content, out)
      out[#out + 1] = double and '”' or '’'
    elseif mt == Attr_mt or mt == Attributes_mt or tag == 'Note' then
      return
    elseif mt and mt.kind then
      if mt.kids then
        for _, kid in ipairs(mt.kids) do
          local field = rawget(v, kid[1])
          if kid[2] == 'T' or kid[2] == 'R' then
            local function rows(list)
              for _, row in ipairs(list or {}) do
                for _, cell in ipairs(row.cells) do stringify(cell.contents, out) end
              end
            end
            if kid[2] == 'R' then
              rows(field and field.rows)
            else
              for _, body in ipairs(field or {}) do
                rows(body.head)
                rows(body.body)
              end
            end
          elseif kid[2] == 'K' then
            stringify(field and field.long, out)
          elseif kid[2] ~= 'C' then
            stringify(field, out)
          end
        end
      end
    elseif #v > 0 then
      for i = 1, #v do stringify(v[i], out) end
    else
      for _, x in pairs(v) do stringify(x, out) end
    end
  end
end
function utils.stringify(v)
  local out = {}
  stringify(v, out)
  return concat(out)
end
function utils.type(v)
  if type(v) ~= 'table' then return type(v) end
  local mt = mt_of(v)
  if not mt then return 'table' end
  if mt.kind == 'Inline' or mt.kind == 'Block' then return mt.kind end
  return type(mt.__name) == 'string' and mt.__name or 'table'
end
utils.equals = equal
function utils.blocks_to_inlines(blocks, sep)
  local out, first = {}, true
  sep = sep or { M.LineBreak() }
  for _, b in ipairs(to_blocks(blocks)) do
    local c = rawget(b, 'content')
    if c and type(c) == 'table' and mt_of(c) == Inlines_mt then
      if not first then
        for _, s in ipairs(sep) do out[#out + 1] = s end
      end
      first = false
      for _, x in ipairs(c) do out[#out + 1] = x end
    elseif rawget(b, 'text') then
      if not first then
        for _, s in ipairs(sep) do out[#out + 1] = s end
      end
      first = false
      out[#out + 1] = M.Code(b.text, b.attr)
    end
  end
  return setmetatable(out, Inlines_mt)
end
function utils.to_roman_numeral(n)
  local out = {}
  for _, pair in ipairs { { 1000, 'M' }, { 900, 'CM' }, { 500, 'D' }, { 400, 'CD' }, { 100, 'C' }, { 90, 'XC' },
    { 50, 'L' }, { 40, 'XL' }, { 10, 'X' }, { 9, 'IX' }, { 5, 'V' }, { 4, 'IV' }, { 1, 'I' } } do
    while n >= pair[1] do
      out[#out + 1] = pair[2]
      n = n - pair[1]
    end
  end
  return concat(out)
end

text.lower, text.upper, text.nfkc = native.lower, native.upper, native.nfkc
function text.len(s)
  return utf8.len(s)
end
function text.sub(s, i, j)
  local n = utf8.len(s)
  j = j or n
  if i < 0 then i = n + i + 1 end
  if j < 0 then j = n + j + 1 end
  if i < 1 then i = 1 end
  if j > n then j = n end
  if i > j then return '' end
  return sub(s, utf8.offset(s, i), utf8.offset(s, j + 1) - 1)
end
function text.reverse(s)
  local out = {}
  for _, c in utf8.codes(s) do insert(out, 1, utf8.char(c)) end
  return concat(out)
end

M.utils, M.text = native.proxy(utils), native.proxy(text)
M.List = List
native.callable(List, function(_, t)
  return List_methods.new(nil, t)
end)
local pandoc = native.proxy(M)
local anjian = native.proxy { line = native.line, fold = native.nfkc }

local Version_mt = { __name = 'Version', __metatable = sealed }
local function to_version(v)
  if type(v) == 'table' then return v end
  local out = {}
  for n in gmatch(tostring(v), '%d+') do out[#out + 1] = tonumber(n) end
  return setmetatable(out, Version_mt)
end
local function version_order(a, b)
  a, b = to_version(a), to_version(b)
  for i = 1, #a > #b and #a or #b do
    local x, y = a[i] or -1, b[i] or -1
    if x ~= y then return x < y and -1 or 1 end
  end
  return 0
end
function Version_mt.__eq(a, b)
  return version_order(a, b) == 0
end
function Version_mt.__lt(a, b)
  return version_order(a, b) < 0
end
function Version_mt.__le(a, b)
  return version_order(a, b) <= 0
end
function Version_mt.__tostring(v)
  return concat(v, '.')
end
Version_mt.__index = native.proxy {
  must_be_at_least = function(v, wanted, message)
    if v < to_version(wanted) then
      error(message or ('pandoc ' .. tostring(to_version(wanted)) .. ' is wanted'), 2)
    end
  end,
}
M.types = native.proxy { Version = to_version }

local modules = {
  pandoc = pandoc, ['pandoc.utils'] = M.utils, ['pandoc.List'] = List, ['pandoc.text'] = M.text,
  text = M.text, anjian = anjian,
}

return {
  apply = apply, to_attr = to_attr, elements = classes,
  Inlines = Inlines_mt, Blocks = Blocks_mt, List = List_mt, Attr = Attr_mt, Attributes = Attributes_mt,
  Meta = Meta_mt,
  globals = {
    pandoc = pandoc, anjian = anjian, FORMAT = 'html', PANDOC_VERSION = to_version '3.1',
    PANDOC_API_VERSION = to_version '1.23',
    require = function(name)
      local m = modules[name]
      if m then return m end
      error(format("module '%s' not found: a filter may require only pandoc's own modules", tostring(name)), 2)
    end,
  },
}
