-- parts: what order, match, scenario and short answer have besides a stem: items, pairs, nodes, references.
--
-- Each function is for one type: it takes the blocks that are its own out of `blocks`, gives back the others, and
-- leaves what it found in q.parts. Must not know: keys, pools, how a question begins.

local marks = require 'marks'
local stringify = pandoc.utils.stringify
local line_of, fold, trim, text_of = marks.line_of, marks.fold, marks.trim, marks.text_of

-- "（+3）", "(2分)" at the end: the text before, the number
local function trailing_points(s)
  local folded = fold(s):gsub('−', '-'):gsub('分%s*%)%s*$', ')')
  local number = folded:match('%(%s*([+-]?%d+%.?%d*)%s*%)%s*$')
  if not number then return s end
  local at
  for _, open in ipairs { '（', '(' } do
    local from = 1
    while true do
      local hit = s:find(open, from, true)
      if not hit then break end
      if not at or hit > at then at = hit end
      from = hit + #open
    end
  end
  return trim(s:sub(1, at - 1)), tonumber(number)
end

-- The inlines without "（2分）" at their end, and the number.
local function without_points(content)
  local text = stringify(content)
  local _, points = trailing_points(text)
  if not points then return content, nil end
  local out = content:clone()
  local tail = ''
  while #out > 0 do
    local last = out[#out]
    if last.t ~= 'Str' and last.t ~= 'Space' then return content, nil end
    tail = (last.t == 'Str' and last.text or ' ') .. tail
    out:remove()
    local before, found = trailing_points(tail)
    if found then
      if before ~= '' then out:insert(pandoc.Str(before)) end
      while #out > 0 and out[#out].t == 'Space' do out:remove() end
      return out, points
    end
  end
  return content, nil
end

local function rows_of(tbl)
  local rows = {}
  for _, body in ipairs(tbl.bodies or {}) do
    for _, row in ipairs(body.body or {}) do rows[#rows + 1] = row end
  end
  return rows
end

local function with_line(block, attributes)
  local line = block and line_of(block)
  if line then attributes[#attributes + 1] = { 'line', tostring(line) } end
  return attributes
end

local parts = {}

function parts.order(q, blocks, slip, line)
  local kept = {}
  for _, block in ipairs(blocks) do
    if block.t == 'OrderedList' and not q.parts then
      q.parts = {}
      local last = line_of(block)
      for n, item in ipairs(block.content) do
        local at = item[1] and line_of(item[1]) or (last and n > 1 and last + 1 or last)
        last = at
        if text_of(item) == '' then slip('item-empty', at) end
        table.insert(q.parts, { class = 'item', blocks = item, attributes = with_line(item[1], {}) })
      end
    else
      kept[#kept + 1] = block
    end
  end
  if not q.parts then slip('order-list', line) end
  if q.parts and #q.parts < 2 then slip('order-few', line) end
  return kept
end

function parts.match(q, blocks, slip, line)
  local kept = {}
  for _, block in ipairs(blocks) do
    if block.t == 'Table' and not q.parts then
      q.parts = {}
      local pairs_found, bad = 0, false
      local top = line_of(block)
      for n, row in ipairs(rows_of(block)) do
        local cells = row.cells
        local at = top and top + n + 1 -- below the head and its rule
        if #cells ~= 2 then
          slip('match-columns', at, tostring(#cells))
          bad = true
          break
        end
        local left, right = text_of(cells[1].contents), text_of(cells[2].contents)
        if right == '' then
          slip('match-empty', at, left)
          bad = true
        else
          if left ~= '' then pairs_found = pairs_found + 1 end
          table.insert(q.parts, { class = left == '' and 'distractor' or 'pair',
            attributes = at and { { 'line', tostring(at) } } or {},
            blocks = left == '' and cells[2].contents
              or { { 'left', cells[1].contents }, { 'right', cells[2].contents } } })
        end
      end
      if pairs_found == 0 and not bad then slip('match-none', line) end
    else
      kept[#kept + 1] = block
    end
  end
  if not q.parts then slip('match-table', line) end
  return kept
end

function parts.scenario(q, blocks, slip, line)
  local kept, nodes, node = {}, {}, nil
  for _, block in ipairs(blocks) do
    if block.t == 'Header' then
      node = { name = trim(stringify(block.content)), id = block.identifier, text = pandoc.List {}, choices = {},
        line = line_of(block) }
      nodes[#nodes + 1] = node
    elseif not node then
      kept[#kept + 1] = block
    elseif block.t == 'BulletList' and #node.choices == 0 then
      for _, item in ipairs(block.content) do
        local first = item[1]
        local link = first and (first.t == 'Plain' or first.t == 'Para') and first.content[1]
        local at = first and line_of(first) or node.line
        if not link or link.t ~= 'Link' or link.target:sub(1, 1) ~= '#' then
          slip('choice-link', at, first and trim(stringify(item)) or '')
        else
          local rest = first.content:clone()
          rest:remove(1)
          local after, points = trailing_points(stringify(rest))
          if trim(after) ~= '' then slip('choice-tail', at, trim(after)) end
          table.insert(node.choices, { text = link.content, to = marks.percent_decoded(link.target:sub(2)),
            points = points or 0, line = at })
        end
      end
    else
      local explanation = block.t == 'BlockQuote' and marks.strip_label(block.content, '解析')
      if explanation then
        marks.add_all(q.explanation, explanation)
      else
        node.text:insert(block)
      end
    end
  end
  if #nodes == 0 then
    slip('scenario-nodes', line)
    return kept
  end
  local by_name = {}
  for _, n in ipairs(nodes) do
    local key = fold(n.name):lower()
    if by_name[key] then
      slip('node-twice', n.line, n.name)
      n.twice = true
    else
      by_name[key] = n
    end
  end
  local by_id = {}
  for _, n in ipairs(nodes) do
    if n.id and n.id ~= '' then by_id[n.id] = n end
  end
  local function found(to)
    return by_name[fold(to):lower()] or by_id[to] or by_name[fold((to:gsub('-', ' '))):lower()]
  end
  -- reachable from the first one; able to reach an ending
  local choices, endless = 0, false
  for _, n in ipairs(nodes) do
    for _, c in ipairs(n.choices) do
      choices = choices + 1
      c.node = found(c.to)
      if not c.node then slip('node-missing', c.line, c.to) end
    end
  end
  local reached, todo = { [nodes[1]] = true }, { nodes[1] }
  while #todo > 0 do
    local n = table.remove(todo)
    for _, c in ipairs(n.choices) do
      if c.node and not reached[c.node] then
        reached[c.node] = true
        todo[#todo + 1] = c.node
      end
    end
  end
  local ends, changed = {}, true
  while changed do
    changed = false
    for _, n in ipairs(nodes) do
      local good = #n.choices == 0
      for _, c in ipairs(n.choices) do
        if c.node and ends[c.node] then good = true end
      end
      if good and not ends[n] then
        ends[n] = true
        changed = true
      end
    end
  end
  for _, n in ipairs(nodes) do
    if not reached[n] and not n.twice then slip('node-unreached', n.line, n.name) end
    if reached[n] and not ends[n] and not endless then
      slip('node-endless', n.line, n.name)
      endless = true
    end
  end
  if choices == 0 then slip('scenario-choices', line) end
  q.parts = {}
  for _, n in ipairs(nodes) do
    local inside = { { 'text', n.text } }
    for _, c in ipairs(n.choices) do
      local attributes = { { 'to', c.node and c.node.name or c.to }, { 'points', tostring(c.points) } }
      if c.line then attributes[3] = { 'line', tostring(c.line) } end
      inside[#inside + 1] = { 'choice', { pandoc.Plain(c.text) }, attributes }
    end
    local attributes = { { 'name', n.name } }
    if n.line then attributes[2] = { 'line', tostring(n.line) } end
    table.insert(q.parts, { class = 'node', blocks = inside, attributes = attributes })
  end
  return kept
end

function parts.short(q, blocks, slip, line)
  local kept, rubric = {}, false
  q.parts = {}
  for _, block in ipairs(blocks) do
    local reference = block.t == 'BlockQuote' and marks.strip_label(block.content, '参考答案')
    local label = (block.t == 'Para' or block.t == 'Plain') and marks.strip_label(pandoc.List { block }, '评分要点')
    if reference then
      q.reference = true
      table.insert(q.parts, { class = 'reference', blocks = reference, attributes = with_line(block, {}) })
    elseif label then
      rubric = true
    elseif rubric and (block.t == 'BulletList' or block.t == 'OrderedList') then
      rubric = false
      q.rubric = true
      for _, item in ipairs(block.content) do
        local first = item[1]
        local attributes = with_line(first, {})
        if first and (first.t == 'Plain' or first.t == 'Para') then
          local content, points = without_points(first.content)
          if points then attributes[#attributes + 1] = { 'points', tostring(points) } end
          table.insert(q.parts, { class = 'rubric', blocks = { pandoc.Plain(content) }, attributes = attributes })
        end
      end
    else
      kept[#kept + 1] = block
    end
  end
  if rubric then slip('rubric-list', line) end
  if not q.reference and not q.rubric then slip('short-reference', line) end
  return kept
end

return parts
