using Relo.Api.Http.Parameters;
using Relo.Core.Layouts;

namespace Relo.Api.Types;

/// <summary>Marks a parameter that says which of several types with a name is meant.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class TypeKindAttribute() : WordsAttribute(NamedTypes.KindWords);
