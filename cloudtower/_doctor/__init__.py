"""`python -m cloudtower doctor`: what works between this machine and a CloudTower, and what not.

    command  ->  examination, a step after the other  ->  report  ->  text or JSON

It only reads. What it prints can be sent to somebody else: no value of an object, no secret and,
unless asked for, no address.
"""
