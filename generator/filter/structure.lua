-- structure.lua: pandoc.structure: sections, contents, chunks, ids.
--
-- Sections as pandoc makes them (makeSections): a Div with the heading's id and "section" in front of
-- its classes; numbers skip headings that are "unnumbered".
-- Must not know: files.

local native, C = ...
local rawget, type, error, ipairs = rawget, type, error, ipairs
local concat, unpack = table.concat, table.unpack
local M, classes, class_of, to_blocks = C.M, C.classes, C.class_of, C.to_blocks

local function is_header(b)
  return class_of(b) == classes.Header
end
-- The level of a heading, or of one that a Div opens with.
local function level_of(b)
  while class_of(b) == classes.Div do b = b.content[1] end
  return b and is_header(b) and b.level or nil
end

local function sections(number, base, blocks)
  local shift, last = base, {}
  local go
  local function section(header, rest)
    local level, own = header.level, shift or header.level
    local unnumbered = header.classes:includes 'unnumbered'
    local fresh = {}
    if own > 0 and not unnumbered then
      if #last >= own then
        fresh = { unpack(last, 1, own) }
        fresh[own] = fresh[own] + 1
      else
        fresh = { unpack(last) }
        while #fresh < own - 1 do fresh[#fresh + 1] = 0 end
        fresh[own] = 1
      end
    end
    if #fresh > 0 then last = fresh end
    local inner, i = {}, 1
    while rest[i] and not ((level_of(rest[i]) or math.huge) <= level) do
      inner[i] = rest[i]
      i = i + 1
    end
    local before = shift
    shift = before and before + 1
    inner = go(inner)
    shift = before
    local attr = header.attr:clone()
    if number and not unnumbered and not attr.attributes.number then
      table.insert(attr.attributes, 1, { 'number', concat(fresh, '.') })
    end
    local id = attr.identifier
    local copy = header:clone()
    copy.level, copy.attr = own, attr
    copy.attr.identifier = ''
    local div = M.Div({ copy }, M.Attr(id, { 'section', unpack(attr.classes) }, attr:clone().attributes))
    for _, b in ipairs(inner) do div.content[#div.content + 1] = b end
    return div, i
  end
  function go(list)
    local out, i = {}, 1
    while i <= #list do
      local b = list[i]
      if is_header(b) then
        local div, used = section(b, { unpack(list, i + 1) })
        out[#out + 1] = div
        i = i + used
      else
        if class_of(b) == classes.Div then
          b = b:clone()
          local content = b.content
          local first, plain = content[1], not (b.classes:includes 'column' or b.classes:includes 'columns' or b.classes:includes 'fragment')
          plain = plain and first and is_header(first)
          for k = 2, plain and #content or 0 do plain = plain and not (is_header(content[k]) and content[k].level <= first.level) end
          local inner = go(content)
          if first and is_header(first) and plain and #inner == 1 then
            local div = inner[1] -- a Div that is a section already is not wrapped in another
            local id, own = b.identifier, div.identifier
            if id == '' or own == '' or id == own then
              div.identifier = own ~= '' and own or id
              for _, c in ipairs(b.classes) do div.classes:insert(c) end
              for _, p in ipairs(b.attributes) do div.attributes[p[1]] = p[2] end
            else
              local head = div.content[1]
              head.identifier = div.identifier
              div.identifier = b.identifier
              local all = C.new_list { unpack(b.classes) }
              div.classes = all:extend(div.classes)
            end
            b = div
          else
            b.content = inner
          end
        end
        out[#out + 1] = b
        i = i + 1
      end
    end
    return out
  end
  return to_blocks(go(to_blocks(blocks)))
end

local structure = {}
function structure.make_sections(blocks, options)
  options = options or {}
  return sections(options.number_sections or false, options.base_level, blocks)
end

-- The level of the first heading that content follows at once.
function structure.slide_level(blocks)
  local least
  for i, b in ipairs(blocks) do
    local after = blocks[i + 1]
    if is_header(b) and after and not is_header(after) and class_of(after) ~= classes.HorizontalRule then
      least = math.min(least or b.level, b.level)
    end
  end
  return least or 0
end

local function without_notes(inlines)
  return C.to_inlines(inlines):walk { Note = function() return {} end }
end
local function toc_items(blocks, depth, link_to)
  local items = {}
  for _, b in ipairs(blocks) do
    local head = class_of(b) == classes.Div and b.content[1]
    if head and is_header(head) and b.classes:includes 'section' then
      if head.level <= depth then
        local label = without_notes(head.content)
        local number = head.attributes.number
        if number then label = M.Inlines { M.Span(number, { class = 'toc-section-number' }), M.Space(), unpack(label) } end
        local target = link_to(b)
        local item = { M.Plain(target and { M.Link(label, target, '', { id = 'toc-' .. b.identifier }) } or label) }
        local inner = toc_items(b.content, depth, link_to)
        if #inner > 0 then item[2] = M.BulletList(inner) end
        items[#items + 1] = item
      end
    elseif class_of(b) == classes.Div then
      for _, x in ipairs(toc_items(b.content, depth, link_to)) do items[#items + 1] = x end
    end
  end
  return items
end
function structure.table_of_contents(source, options)
  local depth = options and options.toc_depth or 3
  local chunked = type(source) == 'table' and rawget(source, 'chunks')
  local where = {}
  for _, chunk in ipairs(chunked or {}) do
    local function collect(blocks)
      for _, b in ipairs(blocks) do
        if class_of(b) == classes.Div then
          where[b.identifier] = chunk.path
          collect(b.content)
        end
      end
    end
    where[chunk.id] = chunk.path
    collect(chunk.contents)
  end
  local blocks = chunked and source.all or source
  return M.BulletList(toc_items(sections(options and options.number_sections or false, nil, blocks), depth, function(div)
    if div.identifier == '' then return nil end
    return (where[div.identifier] or '') .. '#' .. div.identifier
  end))
end

local Chunked_mt = { __name = 'pandoc.ChunkedDoc', __metatable = false, opaque = true }
-- Options: path_template ('chunk-%n'), number_sections, chunk_level (1), base_heading_level.
function structure.split_into_chunks(doc, options)
  options = options or {}
  local level, template = options.chunk_level or 1, options.path_template or 'chunk-%n'
  local chunks = C.new_list {}
  local function add(heading, id, lvl, number, contents)
    local n = #chunks + 1
    local names = { n = string.format('%03d', n), s = number or '', h = C.M.utils.stringify(heading), i = id }
    chunks[n] = {
      heading = heading, id = id, level = lvl, number = n, section_number = number, unlisted = false,
      path = template:gsub('%%(%a)', names), contents = to_blocks(contents), up = nil,
    }
    return chunks[n]
  end
  local function split(blocks)
    local loose = {}
    for _, b in ipairs(blocks) do
      local head = class_of(b) == classes.Div and b.classes:includes 'section' and b.content[1]
      if head and is_header(head) and head.level <= level then
        if #loose > 0 then
          add(C.to_inlines {}, '', 0, nil, loose)
          loose = {}
        end
        local own, inner = M.Div({}, b.attr:clone()), {}
        for _, x in ipairs(b.content) do
          local sub = class_of(x) == classes.Div and x.classes:includes 'section' and x.content[1]
          if sub and sub.level <= level then
            inner[#inner + 1] = x
          else
            own.content[#own.content + 1] = x
          end
        end
        add(head.content, b.identifier, head.level, head.attributes.number, { own })
        split(inner)
      else
        loose[#loose + 1] = b
      end
    end
    if #loose > 0 then add(C.to_inlines {}, '', 0, nil, loose) end
  end
  split(sections(options.number_sections or false, options.base_heading_level, doc.blocks))
  for i, chunk in ipairs(chunks) do
    chunk.prev, chunk.next = chunks[i - 1] and i - 1 or nil, chunks[i + 1] and i + 1 or nil
  end
  return native.setmetatable({ chunks = chunks, meta = doc.meta, all = doc.blocks }, Chunked_mt)
end

-- As pandoc makes one of a heading: letters and digits, '_', '-', '.', blanks to '-', from the first
-- letter on.
function structure.unique_identifier(inlines, used)
  local text = native.lower(C.M.utils.stringify(inlines)):gsub('[%s]+', '-')
  text = text:gsub('[^%w_%-%.\128-\255]', ''):gsub('^[%d%p]+', '')
  if text == '' then text = 'section' end
  local taken = {}
  for k, v in native.pairs(used or {}) do
    if type(k) == 'number' then taken[v] = true else taken[k] = true end
  end
  if not taken[text] then return text end
  local n = 1
  while taken[text .. '-' .. n] do n = n + 1 end
  return text .. '-' .. n
end

return { structure = structure, sections = sections }
