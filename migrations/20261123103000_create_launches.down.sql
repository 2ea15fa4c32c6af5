DROP TABLE signature_withdrawals, signatures, waivers, comments, evidence_requests, evidence, items,
    launch_participants, launch_holders, launches;
