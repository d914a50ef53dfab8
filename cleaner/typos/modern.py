"""Words younger than most word lists. Written down here from general knowledge; nothing was copied."""

from __future__ import annotations

MODERN = frozenset(
    """
    MODERN acai activewear adtech adware agritech agroforestry anime annotations antivax antivaxxer antivaxxers
    antiviral antivirals asymptomatic athleisure backend backends backstories backstory bandwidth barista
    baristas bikeshare bingeable biochar biohacking biopic biopics biotech bitcoin bitcoins blockchain
    blockchains blogosphere blowback boba bossfight breakaway breathwork brunch brunches buyout buyouts callout
    callouts carshare carsharing carveout carveouts cashout cashouts chatbot chatbots checkout checkouts chia
    childcare cisgender clapback cleantech clickbait codebase codebases comeback comorbid comorbidities
    comorbidity coronavirus coronaviruses cosplay cosplayer cosplayers cosplaying coworker coworkers coworking
    crowdfund crowdfunded crowdfunding crowdsource crowdsourced crowdsourcing cryptocurrencies cryptocurrency
    cutback cyberattack cyberattacks cybercrime cybersecurity cyberspace database databases dataset datasets
    datastore datastores daycare daylong decadelong decarbonisation decarbonise decarbonised decarbonization
    decarbonize decarbonized declutter decluttered decluttering deepfake deepfakes downtime downvote downvoted
    downvotes doxx doxxed doxxing drawback dropship dropshipping dysphoria dysregulated dysregulation ecommerce
    edamame edtech eldercare emoji emojis entrepreneur esports falafel fallback fanbase fanbases feedback
    filename filenames filesystem filesystems fintech firmware flashback floodwater floodwaters foodie foodies
    freelancer freelancers from frontend frontends frontman frontwoman fullstack gamer gamers gamification
    gamified gamify gaslight gaslighting gaslights gaslit gastropub gastropubs geofence geofencing geolocation
    geotag geotagged ghosting gig gigs giveaway giveaways glamper glamping goaltender goaltenders gochujang
    greenwash greenwashed greenwashing groundwater hacktivist hacktivists haircare hangry hardcode hardcoded
    hashtag hashtags headcount headcounts headshot headshots healthcare heatmap heatmaps homeschool homeschooled
    homeschooler homeschooling hostname hostnames hourlong houseplant houseplants hummus import infographic
    infographics infosec isekai kaiju kefir kickback kimchi kombucha labneh lifecycle lifecycles lifelong
    livestream livestreamed livestreaming livestreams localhost lockdown lockdowns login logins logout loot
    lootbox lootboxes mainstage malware manga mansplain mansplaining matcha medtech meltwater meme memes
    menswear metadata metroidvania microaggression microaggressions microbiome microbiota microplastic
    microplastics middleware mindset mindsets misgender misgendered mixologist mixologists mocktail mocktails
    modder modders modding monthlong mugshot mugshots multiplayer namespace namespaces neurodivergent
    neurodiverse neurodiversity newb newbs nonbinary nonfarm nonprofit nonprofits nonstick nonviolent noob noobs
    offboarding offchain onboard onboarded onboarding onchain otaku payback payout payouts paywall paywalls
    permaculture permafrost phishing photobomb photobombed placemaking playbook playbooks playthrough
    playthroughs podcast podcaster podcasters podcasting podcasts poke prequel prequels preschool preschooler
    preschoolers presymptomatic pushback quinoa ramen ransomware reboot rebooted reboots refactor refactored
    refactoring repot repotted repotting reskill reskilled reskilling respawn retweet retweeted retweeting
    retweets rewild rewilded rewilding rideshare rideshares ridesharing roadmap roadmaps roguelike rollback
    rollout rollouts runtime runtimes screentime seasonlong seinen seitan selfcare selfie selfies setback
    setlist setlists shawarma shonen shortstop shoujo shoutout shoutouts showrunner showrunners sidewalk signup
    signups singalong sitcom sitcoms skillset skillsets skincare smartphone smartphones smartwatch smartwatches
    smishing sneakerhead soba solopreneur solopreneurs sommelier sommeliers soundtrack soundtracks spam spammer
    spammers speedrun speedruns spinoff spinoffs spyware sriracha stablecoin stablecoins standout standouts
    staycation staycations stormwater storyline storylines streetwear subdirectory subreddit supergroup
    supergroups superspreader superspreaders tahini takeaway takeaways takedown takedowns takeout telehealth
    telemedicine tempeh terroir throwback timeframe timeframes timesheet timesheets timespan timespans todo
    todos toolbox toolchain toolchains toolkit toolkits toolset toolsets touchback touchbacks touchpoint
    touchpoints tradeshow tradeshows transgender turnout udon unfollow unfollowed unfriend unfriended
    unvaccinated upcharge upcharges upcycle upcycled upcycles upcycling upsell upselling upsells upskill
    upskilled upskilling upsold uptime upvote upvoted upvotes usecase usecases userbase username usernames vlog
    vlogger vloggers vlogging vlogs walkback walkthrough walkthroughs wayfinding wearables webinar webinars
    weeklong wellness whistleblower whistleblowers wildfire wildfires womenswear workaround workarounds workflow
    workflows workforce worklist worklists worksheet worksheets worldbuilding yearlong
    """.split()
)
"""In lower case."""
