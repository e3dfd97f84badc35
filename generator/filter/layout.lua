-- layout.lua: pandoc.layout: texts that know their columns.
--
-- A Doc is a tree; render walks it once over a state of lines, prefix and column. A breakable space
-- becomes a line end where the next word would pass the width.
-- Must not know: elements.

local native, C = ...
local type, tostring, error, ipairs, setmetatable = type, native.tostring, error, ipairs, native.setmetatable
local concat, rep, gmatch, find, sub = table.concat, string.rep, string.gmatch, string.find, string.sub
local layout = {}

local Doc_mt = { __name = 'Doc', __metatable = false, opaque = true }
local function doc(kind, fields)
  fields.kind = kind
  return setmetatable(fields, Doc_mt)
end

local function char_width(c)
  if c < 0x300 then return 1 end
  if c <= 0x36F or c == 0x200B or c == 0xFEFF then return 0 end
  if (c >= 0x1100 and c <= 0x115F) or (c >= 0x2E80 and c <= 0xA4CF) or (c >= 0xAC00 and c <= 0xD7A3)
    or (c >= 0xF900 and c <= 0xFAFF) or (c >= 0xFE30 and c <= 0xFE6F) or (c >= 0xFF00 and c <= 0xFF60)
    or (c >= 0xFFE0 and c <= 0xFFE6) or (c >= 0x1F300 and c <= 0x1F64F) or (c >= 0x20000 and c <= 0x3FFFD) then
    return 2
  end
  return 1
end
local function width(s)
  local n = 0
  for _, c in utf8.codes(s) do n = n + char_width(c) end
  return n
end

layout.empty = doc('empty', {})
layout.space = doc('space', {})
layout.cr = doc('cr', {})
layout.blankline = doc('blank', { n = 1 })
function layout.literal(s)
  return s == '' and layout.empty or doc('text', { text = s })
end
local function to_doc(v)
  if type(v) == 'table' and native.metatable(v) == Doc_mt then return v end
  if type(v) == 'string' or type(v) == 'number' then
    local parts = {}
    for line, nl in gmatch(tostring(v) .. '\n', '([^\n]*)(\n)') do
      if #parts > 0 then parts[#parts + 1] = layout.cr end
      parts[#parts + 1] = layout.literal(line)
    end
    return #parts == 1 and parts[1] or doc('list', { items = parts })
  end
  if type(v) == 'table' and #v > 0 then return layout.concat(v) end
  error('a Doc is expected, got ' .. type(v), 3)
end
function layout.concat(docs, sep)
  local items = {}
  for i = 1, #docs do
    if sep and i > 1 then items[#items + 1] = to_doc(sep) end
    items[#items + 1] = to_doc(docs[i])
  end
  return doc('list', { items = items })
end
function Doc_mt.__concat(a, b)
  return layout.concat { a, b }
end
function Doc_mt.__div(a, b)
  return layout.concat { a, layout.cr, b }
end
Doc_mt.__idiv = function(a, b)
  return layout.concat { a, layout.blankline, b }
end
Doc_mt.__add = function(a, b)
  if layout.is_empty(a) then return to_doc(b) end
  if layout.is_empty(b) then return to_doc(a) end
  return layout.concat { a, layout.space, b }
end
function layout.blanklines(n)
  return doc('blank', { n = n })
end
function layout.nest(d, n)
  return doc('prefix', { doc = to_doc(d), prefix = rep(' ', n) })
end
function layout.prefixed(d, prefix)
  return doc('prefix', { doc = to_doc(d), prefix = prefix })
end
function layout.hang(d, n, start)
  return layout.concat { start, layout.nest(d, n) }
end
function layout.flush(d)
  return doc('flush', { doc = to_doc(d) })
end
function layout.nowrap(d)
  return doc('nowrap', { doc = to_doc(d) })
end
function layout.chomp(d)
  return doc('chomp', { doc = to_doc(d) })
end
function layout.nestle(d)
  return doc('nestle', { doc = to_doc(d) })
end
function layout.inside(d, a, b)
  return layout.concat { a, d, b }
end
for name, marks in native.pairs { braces = '{}', brackets = '[]', parens = '()', double_quotes = '""', quotes = "''" } do
  layout[name] = function(d)
    return layout.inside(d, sub(marks, 1, 1), sub(marks, 2, 2))
  end
end
function layout.after_break(s)
  return doc('after', { text = s })
end
function layout.before_non_blank(d)
  return doc('before', { doc = to_doc(d) })
end
function layout.vfill(s)
  return doc('text', { text = s })
end
local function block(align)
  return function(d, n)
    return doc('block', { doc = to_doc(d), width = n, align = align })
  end
end
layout.lblock, layout.rblock, layout.cblock = block 'l', block 'r', block 'c'

local render
local function run(d, s)
  local kind = d.kind
  if kind == 'text' then
    if s.blank > 0 then
      for _ = 1, s.blank do s.lines[#s.lines + 1] = { (s.prefix:gsub('%s+$', '')) } end
    end
    s.blank = 0
    local w = width(d.text)
    if s.space then
      if s.width and not s.nowrap and s.column + 1 + w > s.width and s.column > width(s.prefix) then
        s.line = nil
      elseif s.line then
        s.line[#s.line + 1] = ' '
        s.column = s.column + 1
      end
      s.space = false
    end
    if not s.line then
      s.line = { s.prefix }
      s.column = width(s.prefix)
      s.lines[#s.lines + 1] = s.line
    end
    s.line[#s.line + 1] = d.text
    s.column = s.column + w
  elseif kind == 'space' then
    s.space = s.line ~= nil
  elseif kind == 'cr' then
    s.line, s.space = nil, false
  elseif kind == 'blank' then
    s.line, s.space = nil, false
    if #s.lines > 0 then s.blank = math.max(s.blank, d.n) end
  elseif kind == 'list' then
    for _, x in ipairs(d.items) do run(x, s) end
  elseif kind == 'prefix' then
    local before = s.prefix
    s.prefix = before .. d.prefix
    run(d.doc, s)
    s.prefix = before
  elseif kind == 'flush' then
    local before = s.prefix
    s.prefix = ''
    run(d.doc, s)
    s.prefix = before
  elseif kind == 'nowrap' then
    local before = s.nowrap
    s.nowrap = true
    run(d.doc, s)
    s.nowrap = before
  elseif kind == 'chomp' or kind == 'nestle' then
    local text = render(d.doc, s.width)
    text = kind == 'chomp' and text:gsub('[\n ]+$', '') or text:gsub('^\n+', '')
    run(to_doc(text), s)
  elseif kind == 'after' then
    if not s.line then run(layout.literal(d.text), s) end
  elseif kind == 'before' then
    run(d.doc, s)
  elseif kind == 'block' then
    local lines = {}
    for line in gmatch(render(d.doc, d.width) .. '\n', '([^\n]*)\n') do lines[#lines + 1] = line end
    for i, line in ipairs(lines) do
      local gap = math.max(0, d.width - width(line))
      local left = d.align == 'r' and gap or d.align == 'c' and gap // 2 or 0
      if i > 1 then run(layout.cr, s) end
      run(layout.literal(rep(' ', left) .. line .. rep(' ', d.align == 'l' and gap or d.align == 'c' and gap - left or 0)), s)
    end
  end
end
function render(d, columns)
  local s = { lines = {}, prefix = '', column = 0, blank = 0, width = columns, space = false }
  run(to_doc(d), s)
  local out = {}
  for i, line in ipairs(s.lines) do out[i] = concat(line) end
  return concat(out, '\n') .. (s.blank > 0 and rep('\n', s.blank) or (not s.line and #out > 0 and '\n' or ''))
end
layout.render = render
function layout.is_empty(d)
  if type(d) == 'string' then return d == '' end
  if d.kind == 'list' then
    for _, x in ipairs(d.items) do
      if not layout.is_empty(x) then return false end
    end
    return true
  end
  return d.kind == 'empty'
end
function layout.real_length(s)
  return width(s)
end
local function lines_of(d)
  local out = {}
  for line in gmatch(render(d), '[^\n]*') do out[#out + 1] = line end
  return out
end
function layout.height(d)
  return layout.is_empty(d) and 0 or #lines_of(d)
end
function layout.offset(d)
  local n = 0
  for _, line in ipairs(lines_of(d)) do n = math.max(n, width(line)) end
  return n
end
function layout.min_offset(d)
  local n = 0
  for word in gmatch(render(d), '%S+') do n = math.max(n, width(word)) end
  return n
end
function layout.update_column(d, column)
  local lines = lines_of(d)
  return #lines > 1 and width(lines[#lines]) or column + width(lines[1] or '')
end
Doc_mt.__tostring = render
Doc_mt.__index = native.proxy(layout)
Doc_mt.__eq = function(a, b)
  return render(a) == render(b)
end

return { layout = layout, to_doc = to_doc, width = width }
