-- pools: the questions of other pages, for a pool that says 来自.
--
-- `来自：[气体](gas.md)、[动火](fire.md#通用)` takes all questions of a page, or of one pool of it. They
-- become copies on this page: links and pictures lead where they led, lines are that of 来自.
-- Must not know: how questions are recognised.

local path = pandoc.path
local here = path.directory(PANDOC_STATE.input_files[1] or '')

-- "a/../b" → "b"; nil above the site's folder
local function flat(p)
  local out = pandoc.List()
  for part in p:gmatch '[^/]+' do
    if part == '..' then
      if #out == 0 then return nil end
      out:remove()
    elseif part ~= '.' then
      out:insert(part)
    end
  end
  return table.concat(out, '/')
end

local function turn(target, file)
  if target == '' or target:match '^[%a][%w+.-]*:' or target:match '^/' then return target end
  if target:match '^#' then return path.make_relative(file, here, true) .. target end
  return path.make_relative(flat(path.directory(file) .. '/' .. target) or target, here, true)
end

local function split_front(text)
  local front, rest = text:gsub('\r\n', '\n'):gsub('^\u{FEFF}', ''):match '^%-%-%-\n(.-\n)%-%-%-\n(.*)$'
  if not front then return '', text end
  return front, rest
end

-- The blocks of a page and whether all of it is questions; nil when it is not there.
local function read_page(file)
  local handle = io.open(file)
  if not handle then return nil end
  local front, text = split_front(handle:read('a'))
  handle:close()
  front = '\n' .. front
  local whole = front:match '\n测验%s*[:：]' or front:match '\nquiz%s*:' or ('/' .. file):match '/quizzes/'
  return pandoc.read(text, 'markdown').blocks, whole ~= nil
end

local function copy_of(question, pool, line, file)
  local q = question:walk {
    Link = function(l)
      l.target = turn(l.target, file)
      return l
    end,
    Image = function(i)
      i.src = turn(i.src, file)
      return i
    end,
    Div = function(d)
      if d.attributes.line then d.attributes.line = line and tostring(line) end
      return d
    end,
  }
  q.attributes.pool = pool
  q.attributes['stem-line'] = line and tostring(line)
  return q
end

-- `targets`: links from this page. `recognise(blocks, whole)` gives back blocks with the quiz filter's
-- Divs. Returns the questions and the files that they stand in.
return function(pool, targets, line, recognise, fold, slip)
  local questions, files = pandoc.List(), pandoc.List()
  for _, target in ipairs(targets) do
    local name, part = target:match '^([^#]*)#?(.*)$'
    local file = flat((name:match '^/' and '' or here .. '/') .. name)
    local blocks, whole
    if file and file ~= '' then blocks, whole = read_page(file) end
    if not blocks then
      slip('from-missing', line, name)
    else
      local taken, errors, known = 0, 0, part == ''
      files:insert(file)
      part = fold(part):gsub('^题库%s*:?%s*', '')
      for _, b in ipairs(recognise(blocks, whole)) do
        local class = b.t == 'Div' and b.classes[1]
        if class == 'quiz-slip' and b.attributes.level == 'error' then errors = errors + 1 end
        if class == 'pool' then
          known = known or fold(b.attributes.name) == part
          if b.attributes.from then errors = errors + 1 end
        end
        if class == 'question' and (part == '' or fold(b.attributes.pool or '') == part) then
          taken = taken + 1
          questions:insert(copy_of(b, pool, line, file))
        end
      end
      if errors > 0 then
        slip('from-slip', line, file, tostring(errors))
      elseif not known then
        slip('from-pool', line, file, part)
      elseif taken == 0 then
        slip('from-none', line, file)
      end
    end
  end
  return questions, files
end
