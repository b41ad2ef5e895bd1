from autograder.probe import mistake


@mistake("double", hint="twice a number is not the number times itself")
def squares(x):
    return x * x


@mistake("rows", hint="which axis did you sum over?")
def columns(x):
    return x.sum(axis=0)
