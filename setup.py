from setuptools import setup

setup(name="wuzapi_chatwoot")
