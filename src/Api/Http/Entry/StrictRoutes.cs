using System.Reflection;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Parameters;

namespace Relo.Api.Http.Entry;

/// <summary>Makes a group of routes strict.</summary>
internal static class StrictRoutes
{
    /// <summary>These routes honour Accept, and refuse parameters that their handlers do not declare.</summary>
    public static T IsStrict<T>(this T routes)
        where T : IEndpointConventionBuilder
    {
        // Runs after the routes' own metadata.
        routes.Finally(endpoint =>
        {
            if (OfferedForms.Of(endpoint.Metadata) is { } forms) endpoint.Metadata.Add(forms);
            if (endpoint is RouteEndpointBuilder route && endpoint.Metadata.OfType<MethodInfo>().FirstOrDefault() is { } handler)
                endpoint.Metadata.Add(RouteParameters.Of(handler, route.RoutePattern));
        });
        return routes;
    }
}
