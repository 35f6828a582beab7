using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Relo.Api.Ops;

namespace Relo.Api.Tests.Ops;

public sealed class ListenAddressTests
{
    [Theory]
    [InlineData(null, null, "http://localhost:8080/")]
    [InlineData("urls", "http://+:8080", "http://localhost:8080/")]
    [InlineData("urls", "https://localhost:1;http://0.0.0.0:9090", "http://localhost:9090/")]
    [InlineData("urls", "http://127.0.0.1:5000", "http://127.0.0.1:5000/")]
    [InlineData("http_ports", "8081;8082", "http://localhost:8081/")] // what the base image of the container sets
    [InlineData("Kestrel:Endpoints:Http:Url", "http://*:7070", "http://localhost:7070/")]
    [InlineData("Kestrel:Endpoints:Https:Url", "https://*:8443", "https://localhost:8443/")]
    [InlineData("urls", "https://+:8443", "https://localhost:8443/")]
    [InlineData("https_ports", "8443", "https://localhost:8443/")]
    public void The_service_of_this_machine_is_asked_where_it_listens(string? name, string? value, string expected)
    {
        var configuration = Configuration(name, value);
        ListenAddress.Check(configuration);
        Assert.Equal(expected, ListenAddress.Local(configuration).ToString());
    }

    [Theory]
    [InlineData("urls", "http://localhost:1;http://127.0.0.l:8080", "ASPNETCORE_URLS (--urls) has 'http://127.0.0.l:8080'")]
    [InlineData("Kestrel:Endpoints:Http:Url", "http://127.0.0.l:8080", "Kestrel:Endpoints:Http:Url has 'http://127.0.0.l:8080'")]
    [InlineData("Kestrel:Endpoints:Http:Url", "http://localhost:8080/relo", "Kestrel:Endpoints:Http:Url has")]
    [InlineData("Kestrel:Endpoints:Http:Protocols", "Http1", "Kestrel:Endpoints:Http:Url has ''")]
    public void Address_that_would_open_the_service_to_the_world_by_mistake_is_refused(string name, string value, string said)
    {
        var refused = Assert.Throws<OptionsValidationException>(() => ListenAddress.Check(Configuration(name, value)));
        Assert.StartsWith(said, refused.Message, StringComparison.Ordinal);
    }

    private static IConfigurationRoot Configuration(string? name, string? value) => new ConfigurationBuilder()
        .AddInMemoryCollection(name is null ? [] : new Dictionary<string, string?> { [name] = value }).Build();
}
