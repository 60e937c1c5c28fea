/**
 * What makes a diagram of a page answer to keys and clicks. It only shows and hides what the page has already; without it the first picture
 * stands as it is. The policy of the page lets this text run and no other, by its digest.
 */
export const diagramScript = `(()=>{
const root=document.querySelector('.dg');if(!root)return
const scene=root.querySelector('.scene'),now=root.querySelector('.now'),select=root.querySelector('select')
const still=matchMedia('(prefers-reduced-motion: reduce)').matches
for(const part of root.querySelectorAll('.bar,.keys'))part.hidden=false
let events=[],place=-1,size=1,timer=0,parts=[]
const stop=()=>{clearInterval(timer);timer=0}
const time=(event)=>Number(event.dataset.t),happens=({classList})=>classList.contains('mk')?1:0
const load=()=>{events=[...scene.querySelectorAll('.ev')].map((event,order)=>({event,order})).sort((a,b)=>time(a.event)-time(b.event)||happens(b.event)-happens(a.event)||a.order-b.order).map(({event})=>event);place=-1;parts=[...scene.querySelectorAll('.part')];scale()}
const seen=()=>{const svg=scene.querySelector('svg');if(!svg)return;const whole=svg.getBoundingClientRect(),window=scene.getBoundingClientRect(),factor=whole.height/Number(svg.getAttribute('height')),top=(window.top-whole.top)/factor,end=top+window.height/factor
svg.querySelector('.heads').setAttribute('transform','translate(0 '+Math.max(0,top)+')')
for(const part of parts)part.style.display=Number(part.dataset.y)<=end+300&&Number(part.dataset.end)>=top-300?'':'none'}
const scale=()=>{const svg=scene.querySelector('svg');if(svg){svg.style.width=svg.getAttribute('width')*size+'px';svg.style.height='auto';svg.style.maxWidth=size===1&&root.dataset.view!=='everything'?'100%':'none'}seen()}
const unpacked=async(text)=>await new Response(new Blob([Uint8Array.from(atob(text),(letter)=>letter.charCodeAt(0))]).stream().pipeThrough(new DecompressionStream('gzip'))).text()
const fill=async(found)=>{if(!found.dataset.packed)return;found.innerHTML=await unpacked(found.dataset.packed);delete found.dataset.packed}
const show=async(name)=>{const found=[...root.querySelectorAll('template')].find(({dataset})=>dataset.view===name);if(!found)return;stop();await fill(found);const copy=found.content.cloneNode(true);for(const part of copy.querySelectorAll('.part'))part.style.display='none';scene.replaceChildren(copy);root.dataset.view=name;select.value=name;load()}
const follow=(message)=>{scene.classList.toggle('follows',message!=='');for(const event of events)event.classList.toggle('same',message!==''&&event.dataset.m===message)}
const go=(index,quiet)=>{if(index<0||index>=events.length)return;events[place]?.classList.remove('on');place=index;const event=events[index];event.classList.add('on');now.textContent=event.querySelector('title').textContent;const part=event.closest('.part');if(part)part.style.display='';event.scrollIntoView({block:'nearest',inline:'nearest',behavior:still?'auto':'smooth'});if(!quiet)history.replaceState(null,'','#t='+event.dataset.t+(root.dataset.view==='story-1'?'':'&view='+root.dataset.view))}
const find=(step,wanted)=>{for(let index=place+step;index>=0&&index<events.length;index+=step)if(wanted(events[index]))return go(index)
if(step>0)for(let index=0;index<=place;index++)if(wanted(events[index]))return go(index)}
const same=()=>{const message=events[place]?.dataset.m;return(event)=>message?event.dataset.m===message:true}
const acts={previous:()=>go(Math.max(0,place-1)),next:()=>go(place+1),fault:()=>find(1,({dataset})=>dataset.k==='fault'),broken:()=>find(1,({dataset})=>dataset.k==='broken'),
help:()=>{const help=root.querySelector('.keys');help.open=!help.open},
larger:()=>{size=Math.min(4,size*1.25);scale()},smaller:()=>{size=Math.max(.4,size/1.25);scale()},
play:()=>{if(timer)return stop();timer=setInterval(()=>place+1<events.length?go(place+1):stop(),600)}}
const keys={ArrowDown:'next',ArrowRight:'next',ArrowUp:'previous',ArrowLeft:'previous',f:'fault',v:'broken','+':'larger','-':'smaller',' ':'play','?':'help'}
scene.addEventListener('keydown',(press)=>{if(press.ctrlKey||press.metaKey||press.altKey)return
if(press.key==='Escape'){stop();follow('');return}
if(press.key==='Home'){press.preventDefault();return go(0)}
if(press.key==='End'){press.preventDefault();return go(events.length-1)}
const act=keys[press.key];if(!act)return
press.preventDefault()
if(press.shiftKey&&(act==='next'||act==='previous'))return find(act==='next'?1:-1,same())
acts[act]()})
root.querySelector('.bar').addEventListener('click',({target})=>acts[target.closest('button')?.dataset.do]?.())
scene.addEventListener('click',({target})=>{const event=target.closest('.ev');if(!event)return follow('');go(events.indexOf(event));follow(event.dataset.m)})
select.addEventListener('change',()=>show(select.value))
const arrive=async()=>{const wanted=new URLSearchParams(location.hash.slice(1)),moment=wanted.get('t');if(wanted.get('view'))await show(wanted.get('view'))
if(moment!==null||wanted.get('view'))root.closest('details')?.setAttribute('open','')
if(moment===null)return
let index=events.findIndex((event)=>time(event)>=Number(moment));if(index<0)index=events.length-1;go(index,true);root.scrollIntoView({block:'start'})}
scene.addEventListener('scroll',()=>requestAnimationFrame(seen));new ResizeObserver(seen).observe(scene);load();addEventListener('hashchange',arrive);arrive()
})()`

/** The digest of the text above, as a policy names it. */
export const diagramScriptDigest = 'sha256-cv7CGfw5O9KE5em8HBDh8W2eWWcpCcI8yhgbfE/twuE='
