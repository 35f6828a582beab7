namespace Relo.Api.Http.Parameters;

/// <summary>
/// As <see cref="WordsAttribute"/>, with the members of an enum in kebab-case; the first member stands for no value and is left out.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class WordsOfAttribute<T>() : WordsAttribute(WordsOf<T>.All) where T : struct, Enum;
